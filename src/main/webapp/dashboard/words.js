// The page's words, in English and in French.

const english = {
  photos: "photos",
  pictures: "pictures",
  running: "in work",
  watching: "watching",
  wall: "The wall",
  empty: "No picture yet. Yours could be the first.",
  upload: "Make a picture",
  drop: "Drop a photo here, or choose one (JPEG, PNG, GIF, WebP)",
  style: "Style",
  public: "Show it to everyone on the wall",
  transform: "Transform",
  ticker: "What happens",
  signIn: "Come in",
  signInHint: "The studio needs your access token. In dev mode the link printed at the start has it.",
  token: "Token",
  enter: "Enter",
  signOut: "Sign out",
  close: "Close",
  new: "NEW",
  chosen: (n) => (n === 1 ? "1 photo chosen" : `${n} photos chosen`),
  sending: (name) => `Sending ${name} …`,
  sent: "On its way: watch the wall.",
  live: "Live",
  connecting: "Connecting …",
  waiting: (seconds, reason) => `${reason}, next try in ${seconds} s`,
  lost: "Connection lost",
  ended: (reason) => `The server ended the stream (${reason})`,
  refused: "The token is not accepted",
  failed: "failed",
  cancelled: "cancelled",
  queued: "waits",
};

const french = {
  photos: "photos",
  pictures: "images",
  running: "en cours",
  watching: "spectateurs",
  wall: "Le mur",
  empty: "Pas encore d’image. La vôtre pourrait être la première.",
  upload: "Créer une image",
  drop: "Déposez une photo ici, ou choisissez-en une (JPEG, PNG, GIF, WebP)",
  style: "Style",
  public: "La montrer à tous sur le mur",
  transform: "Transformer",
  ticker: "Ce qui se passe",
  signIn: "Entrez",
  signInHint: "Le studio demande votre jeton d’accès. En mode dev, le lien affiché au démarrage le contient.",
  token: "Jeton",
  enter: "Entrer",
  signOut: "Se déconnecter",
  close: "Fermer",
  new: "NOUVEAU",
  chosen: (n) => (n === 1 ? "1 photo choisie" : `${n} photos choisies`),
  sending: (name) => `Envoi de ${name} …`,
  sent: "C’est parti : regardez le mur.",
  live: "En direct",
  connecting: "Connexion …",
  waiting: (seconds, reason) => `${reason}, nouvel essai dans ${seconds} s`,
  lost: "Connexion perdue",
  ended: (reason) => `Le serveur a terminé le flux (${reason})`,
  refused: "Le jeton n’est pas accepté",
  failed: "échec",
  cancelled: "annulée",
  queued: "en attente",
};

export const language = navigator.language.startsWith("fr") ? "fr" : "en";
export const words = language === "fr" ? french : english;

/** Fills every element that names a word. */
export function write(root = document) {
  document.documentElement.lang = language;
  for (const element of root.querySelectorAll("[data-word]")) {
    element.textContent = words[element.dataset.word];
  }
}
