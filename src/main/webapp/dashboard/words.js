// The page's words, in English and in French.

const KEY = "studio.language";

const english = {
  photos: "photos",
  pictures: "pictures",
  running: "in work",
  watching: "watching",
  failures: "failures",
  other: "other",
  wall: "The wall",
  empty: "No picture yet. Yours could be the first.",
  nothingFits: "No picture fits these filters.",
  upload: "Make a picture",
  drop: "Drop photos here, paste them, or choose some (JPEG, PNG, GIF, WebP)",
  takeOut: (name) => `Take out ${name}`,
  emptyFile: "the file is empty",
  noStyles: (reason) => `The styles could not be loaded (${reason}). The page goes on trying.`,
  skipTo: "Go straight to",
  camera: "Take a photo",
  take: "Take it",
  noCamera: "There is no camera that the page may use.",
  style: "Style",
  status: "Status",
  type: "Type",
  language: "Language",
  category: "Category",
  filterText: "Find a style or a name",
  allStyles: "all styles",
  allStatus: "all states",
  allTypes: "all types",
  allCategories: "all categories",
  professional: "professional",
  artistic: "artistic",
  tech: "tech",
  creative: "creative",
  thematic: "thematic",
  public: "Show it to everyone on the wall",
  transform: "Transform",
  chart: "Events a minute",
  ticker: "What happens",
  pause: "Pause",
  goOn: (n) => (n > 0 ? `Go on (${n} new)` : "Go on"),
  gallery: "My pictures",
  more: "More",
  nothingYet: "Nothing here yet.",
  photoAlone: "photo without a picture",
  remove: "Delete",
  removeAll: "Delete the photo and all pictures made of it?",
  removed: "Deleted.",
  download: "Download",
  share: "Share",
  copied: "The link is copied: whoever has it can see the picture.",
  notCopied: (url) => `Whoever has this link can see the picture: ${url}`,
  compare: "Before and after",
  before: "the photo before",
  beforeAfter: "Before / after (B)",
  previous: "Previous",
  next: "Next",
  signIn: "Come in",
  signInHint: "The studio needs your access token. In dev mode the link printed at the start has it.",
  token: "Token",
  enter: "Enter",
  signOut: "Sign out",
  close: "Close",
  new: "NEW",
  chosen: (n) => (n === 1 ? "1 photo chosen" : `${n} photos chosen`),
  sent: (name) => `${name} is on its way: watch the wall.`,
  photoKept: (name, reason) => `${name} is stored, but no picture is made of it yet: ${reason}`,
  again: "Try again",
  refused: "The token is not accepted",
  failed: "failed",
  cancelled: "cancelled",
  queued: "waits",
  completed: "done",
  processing: "in work",
  events: {
    "photo.uploaded": "photo came",
    "photo.deleted": "photo deleted",
    "transformation.started": "picture begun",
    "transformation.completed": "picture done",
    "transformation.failed": "picture failed",
    "transformation.cancelled": "picture cancelled",
  },
  // By code or by status. For the rest the server's own sentence says more.
  refusals: {
    0: "connection lost",
    502: "the studio can’t be reached just now",
    503: "the studio can’t be reached just now",
    504: "the studio can’t be reached just now",
  },
  reasons: {
    lost: "Connection lost",
    silent: "Nothing came any more",
    full: "The studio is full",
    failed: "The server failed",
    token_expired: "The token has expired",
    lifetime: "The server renews the stream",
    shutdown: "The server stops",
    stalled: "This page was too slow",
    revoked: "The session has ended",
  },
  states: {
    connecting: "Connecting …",
    stream: "Live",
    shared: "Live, through another tab",
    polling: "Live by asking again and again: something on the way holds streams back",
    paused: "Paused",
    closed: "Closed",
  },
  refusedWith: (status) => `The studio refuses this page (${status})`,
  waiting: (reason, seconds) => `${reason}, next try in ${seconds} s`,
};

const french = {
  photos: "photos",
  pictures: "images",
  running: "en cours",
  watching: "spectateurs",
  failures: "échecs",
  other: "autres",
  wall: "Le mur",
  empty: "Pas encore d’image. La vôtre pourrait être la première.",
  nothingFits: "Aucune image ne correspond à ces filtres.",
  upload: "Créer une image",
  drop: "Déposez des photos ici, collez-les, ou choisissez-en (JPEG, PNG, GIF, WebP)",
  takeOut: (name) => `Retirer ${name}`,
  emptyFile: "le fichier est vide",
  noStyles: (reason) => `Les styles n’ont pas pu être chargés (${reason}). La page continue d’essayer.`,
  skipTo: "Aller directement à",
  camera: "Prendre une photo",
  take: "Photographier",
  noCamera: "La page ne peut utiliser aucune caméra.",
  style: "Style",
  status: "État",
  type: "Type",
  language: "Langue",
  category: "Catégorie",
  filterText: "Chercher un style ou un nom",
  allStyles: "tous les styles",
  allStatus: "tous les états",
  allTypes: "tous les types",
  allCategories: "toutes les catégories",
  professional: "professionnel",
  artistic: "artistique",
  tech: "tech",
  creative: "créatif",
  thematic: "thématique",
  public: "La montrer à tous sur le mur",
  transform: "Transformer",
  chart: "Événements par minute",
  ticker: "Ce qui se passe",
  pause: "Pause",
  goOn: (n) => (n > 0 ? `Reprendre (${n} de plus)` : "Reprendre"),
  gallery: "Mes images",
  more: "Plus",
  nothingYet: "Encore rien ici.",
  photoAlone: "photo sans image",
  remove: "Supprimer",
  removeAll: "Supprimer la photo et toutes les images qui en sont faites ?",
  removed: "Supprimée.",
  download: "Télécharger",
  share: "Partager",
  copied: "Le lien est copié : qui l’a peut voir l’image.",
  notCopied: (url) => `Qui a ce lien peut voir l’image : ${url}`,
  compare: "Avant et après",
  before: "la photo d’avant",
  beforeAfter: "Avant / après (B)",
  previous: "Précédente",
  next: "Suivante",
  signIn: "Entrez",
  signInHint: "Le studio demande votre jeton d’accès. En mode dev, le lien affiché au démarrage le contient.",
  token: "Jeton",
  enter: "Entrer",
  signOut: "Se déconnecter",
  close: "Fermer",
  new: "NOUVEAU",
  chosen: (n) => (n === 1 ? "1 photo choisie" : `${n} photos choisies`),
  sent: (name) => `${name} est en route : regardez le mur.`,
  photoKept: (name, reason) => `${name} est enregistrée, mais son image n’est pas encore faite : ${reason}`,
  again: "Réessayer",
  refused: "Le jeton n’est pas accepté",
  failed: "échec",
  cancelled: "annulée",
  queued: "en attente",
  completed: "terminée",
  processing: "en cours",
  events: {
    "photo.uploaded": "photo arrivée",
    "photo.deleted": "photo supprimée",
    "transformation.started": "image commencée",
    "transformation.completed": "image terminée",
    "transformation.failed": "image échouée",
    "transformation.cancelled": "image annulée",
  },
  refusals: {
    0: "connexion perdue",
    too_large: "le fichier est trop lourd",
    unsupported_image: "ce fichier n’est pas une photo JPEG, PNG, GIF ou WebP",
    damaged_image: "la photo est abîmée ou incomplète",
    too_many_pixels: "la photo a trop de pixels",
    queue_full: "trop d’images attendent déjà, réessayez un peu plus tard",
    400: "le studio n’a pas compris cette demande",
    401: "le jeton n’est pas accepté",
    403: "ce jeton n’en donne pas le droit",
    404: "cela n’existe pas, ou plus",
    409: "c’est déjà terminé",
    413: "le fichier est trop lourd",
    415: "ce format n’est pas accepté",
    422: "la photo n’est pas acceptée",
    429: "trop de demandes pour l’instant, réessayez plus tard",
    500: "le studio a échoué, réessayez plus tard",
    502: "le studio ne répond pas en ce moment",
    503: "le studio ne répond pas en ce moment",
    504: "le studio ne répond pas en ce moment",
  },
  reasons: {
    lost: "Connexion perdue",
    silent: "Plus rien n’arrive",
    full: "Le studio est plein",
    failed: "Le serveur a échoué",
    token_expired: "Le jeton a expiré",
    lifetime: "Le serveur renouvelle le flux",
    shutdown: "Le serveur s’arrête",
    stalled: "Cette page était trop lente",
    revoked: "La session est terminée",
  },
  states: {
    connecting: "Connexion …",
    stream: "En direct",
    shared: "En direct, par un autre onglet",
    polling: "En direct en redemandant sans cesse : quelque chose en chemin retient les flux",
    paused: "En pause",
    closed: "Fermé",
  },
  refusedWith: (status) => `Le studio refuse cette page (${status})`,
  waiting: (reason, seconds) => `${reason}, nouvel essai dans ${seconds} s`,
};

const wanted = localStorage.getItem(KEY) ?? navigator.language;

export const language = wanted.startsWith("fr") ? "fr" : "en";
export const words = { ...(language === "fr" ? french : english), connection, event, refusal };

/** Keeps the language that was chosen, and shows the page in it. */
export function choose(other) {
  localStorage.setItem(KEY, other);
  location.reload();
}

/** A connection's state in words; without the seconds it only changes when the state does. */
function connection({ state, transport, reason, seconds, status }) {
  if (state === "waiting") {
    const why = words.reasons[reason] ?? reason;
    return seconds === undefined ? why : words.waiting(why, seconds);
  }
  if (state === "refused") return status === 401 ? words.refused : words.refusedWith(status);
  return words.states[state === "live" ? transport : state];
}

/** What happened; a name that the page does not know, and anybody may have chosen, stays as it is. */
function event(type) {
  return Object.hasOwn(words.events, type) ? words.events[type] : type;
}

/** Why something was refused. */
function refusal({ code, status, message }) {
  return words.refusals[code] ?? words.refusals[status] ?? message;
}

/** Fills every element that names a word. */
export function write(root = document) {
  document.documentElement.lang = language;
  for (const element of root.querySelectorAll("[data-word]")) element.textContent = words[element.dataset.word];
  for (const element of root.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", words[element.dataset.label]);
  }
  for (const element of root.querySelectorAll("[data-placeholder]")) {
    element.placeholder = words[element.dataset.placeholder];
  }
}
