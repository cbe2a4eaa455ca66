// The words of the pages in English and French. `write` fills in the elements that name a word:
// `data-word` for the text, `data-label` for the accessible name, `data-placeholder` for the
// placeholder, and `data-title` of the root element for the title of the page.

/**
 * The state of a connection, or of the countdown's connection.
 *
 * @typedef {object} ConnectionState
 * @property {string} state
 * @property {string} [transport]
 * @property {string} [reason]
 * @property {number} [seconds] until the next attempt
 * @property {number} [attempt] the number of the next attempt
 * @property {number} [status] of the response that refused the page
 */

/** @typedef {Record<string, string>} ByName */

const KEY = "studio.language";

const english = {
  diagnose: "Why is nothing live?",
  photos: "photos",
  pictures: "pictures",
  running: "in progress",
  viewers: "viewers",
  failures: "failures",
  other: "other",
  wall: "Picture wall",
  stage: "Large picture",
  empty: "No pictures yet. Yours could be the first.",
  noMatch: "No pictures match these filters.",
  upload: "Create a picture",
  drop: "Drop or paste photos here, or choose files (JPEG, PNG, GIF, WebP or a ZIP archive)",
  /** @param {string} name */
  removePhoto: (name) => `Remove ${name}`,
  emptyFile: "the file is empty",
  /** @param {string} reason */
  noStyles: (reason) => `Styles could not be loaded (${reason}). Retrying.`,
  skipTo: "Skip to",
  camera: "Take a photo",
  take: "Take photo",
  noCamera: "This page cannot use a camera.",
  style: "Style",
  status: "Status",
  type: "Type",
  language: "Language",
  category: "Category",
  search: "Search by style or user",
  allStyles: "all styles",
  allStatuses: "all statuses",
  allTypes: "all types",
  allCategories: "all categories",
  categories: {
    professional: "professional",
    artistic: "artistic",
    tech: "tech",
    creative: "creative",
    thematic: "thematic",
  },
  public: "Show to everyone on the wall",
  original: "Send the original",
  transform: "Transform",
  chart: "Events per minute",
  activity: "Activity",
  pause: "Pause",
  /** @param {number} n */
  resume: (n) => (n > 0 ? `Resume (${n} new)` : "Resume"),
  gallery: "My pictures",
  more: "Load more",
  nothingYet: "Nothing here yet.",
  notTransformed: "not transformed",
  delete: "Delete",
  confirmDelete: "Delete the photo and all pictures made from it?",
  deleted: "Photo deleted.",
  download: "Download",
  share: "Share",
  copied: "Link copied. Anyone with the link can see the picture.",
  /** @param {string} url */
  notCopied: (url) => `Anyone with this link can see the picture: ${url}`,
  compare: "Before and after",
  before: "original photo",
  beforeAfter: "Before / after (B)",
  previous: "Previous",
  next: "Next",
  moderation: "Moderation",
  moderationHint:
    "A shows the selected picture, H hides it, U takes the last decision back. The arrow keys select another.",
  selectionLost: "The selected picture is no longer in the list.",
  waitsAgain: "The picture waits for approval again.",
  moderationEmpty: "Nothing to decide.",
  waits: "Waits for approval",
  /** @param {number} count */
  reported: (count) => (count === 1 ? "Reported by one person" : `Reported by ${count} people`),
  /** @param {string} text */
  quoted: (text) => `“${text}”`,
  approve: "Show",
  hide: "Hide",
  hidden: "The picture is hidden.",
  shown: "The picture is shown.",
  report: "Report",
  reportWhy: "What is wrong with this picture?",
  reportSent: "Thank you. The organisers will look at it.",
  approval: "Show public pictures",
  approvalAfter: "at once",
  approvalBefore: "after approval",
  reveal: "Attendees see the pictures of others",
  revealNow: "now",
  revealLater: "when you reveal them",
  revealSure:
    "Reveal the pictures of all attendees to everybody now? This cannot be undone: what has been seen stays seen.",
  artwork: "Logo and frame",
  artworkHint:
    "PNG files of up to 10 MB. The frame needs transparent parts; it is laid over every new picture. A landscape format fits best.",
  logo: "Logo",
  frame: "Frame",
  remove: "Remove",
  removed: "Removed.",
  theEvent: "Event",
  join: "Join",
  yourName: "Your name",
  yourNameHint: "as others will see it",
  consent:
    "By joining, you agree that the pictures you choose to show can be seen by everyone at the event. You can delete them, and everything else about you, at any time.",
  toTheWall: "To the wall",
  /** @param {string} name */
  signedInAs: (name) => `You are in as ${name}.`,
  passMissing: "Scan the event’s QR code to join.",
  passUnknown: "This code is no longer valid. Ask the organisers for a new one.",
  nameRefused: "Please choose another name: on one line, without “@”.",
  takePart: "Take part",
  thanks: "Thank you!",
  /** @param {string} time */
  begins: (time) => `Starts ${time}`,
  revealedLater: "The pictures are revealed later. Take part now!",
  takePartHint: "Scan the code, take a photo, and see it here.",
  organisersOnly: "This page is for organisers.",
  announce: "Announce",
  announceText: "Text on every page and wall",
  announceMinutes: "Minutes",
  announced: "Every open page shows it now.",
  profile: "What everybody sees",
  eventName: "Name of the event",
  eventTagline: "Line below the name",
  eventAccent: "Colour",
  eventStart: "Starts",
  eventEnd: "Ends",
  eventJoinUrl: "Address behind the QR code on the wall",
  saved: "Saved.",
  passes: "Passes",
  passesHint:
    "Whoever scans a pass can join without an account. Print it, or show it on the wall. Deleting a pass ends the access of everybody who joined with it.",
  passName: "Name",
  passEnd: "Valid until",
  newPass: "New pass",
  passUnnamed: "Pass",
  /**
   * @param {number} uses
   * @param {number | null} most
   */
  passUses: (uses, most) => (most ? `${uses} of ${most} joined` : `${uses} joined`),
  /** @param {string} time */
  passUntil: (time) => `Valid until ${time}`,
  passInvite: "Show on the wall",
  passInvites: "Is on the wall",
  passDelete: "Delete",
  passDeleteSure: "Delete this pass, and end the access of everybody who joined with it?",
  people: "Who is here",
  openPages: "Open pages",
  noOpenPages: "No page is open.",
  anonymous: "not signed in",
  /** @param {number} n */
  missingNodes: (n) =>
    n === 1
      ? "One server did not answer, so its pages are missing."
      : `${n} servers did not answer, so their pages are missing.`,
  /**
   * @param {string} how
   * @param {string} time
   * @param {string} node
   * @param {string} address
   */
  openSince: (how, time, node, address) => `${how} since ${time}, from ${address}, server ${node}`,
  /** @param {number} n */
  behind: (n) => (n === 1 ? "1 event behind" : `${n} events behind`),
  endPage: "Disconnect",
  /** @param {string} name */
  endPageOf: (name) => `Disconnect a page of ${name}`,
  /** @param {string} name */
  pageEnded: (name) => `A page of ${name} is disconnected. It may connect again.`,
  users: "Users",
  noUsers: "No users found.",
  searchUsers: "Search by name or user id",
  /**
   * @param {number} photos
   * @param {number} pictures
   */
  holds: (photos, pictures) =>
    `${photos} ${photos === 1 ? "photo" : "photos"}, ${pictures} ${pictures === 1 ? "picture" : "pictures"}`,
  endSessions: "Sign out",
  /** @param {string} name */
  endSessionsSure: (name) => `Sign ${name} out on all devices?`,
  /** @param {string} name */
  sessionsEnded: (name) => `${name} is signed out on all devices.`,
  erase: "Erase",
  eraseTitle: "Erase a person",
  /** @param {string} name */
  eraseHint: (name) =>
    `All photos, pictures, messages and other data of ${name} will be deleted. This cannot be undone.`,
  /** @param {string} name */
  eraseType: (name) => `Type “${name}” to confirm`,
  /** @param {string} name */
  erasing: (name) => `${name} is being erased.`,
  /** @param {string} name */
  erased: (name) => `${name} is erased.`,
  statistics: "Statistics",
  perHour: "Photos and pictures per hour",
  day: "Day",
  hour: "Hour",
  visitors: "visitors",
  guestsJoined: "guests joined",
  asTable: "As a table",
  /** @param {string} zone */
  timesIn: (zone) => `Times in the time zone ${zone}`,
  stylesOfDay: "Styles",
  noPicturesOfDay: "No pictures on this day.",
  saveTable: "Download (CSV)",
  allPictures: "All pictures",
  saveAll: "Download (ZIP)",
  saveAllHint:
    "All pictures of the event that everyone can see, with a table. Private and hidden pictures are not included.",
  saveOwn: "Download all (ZIP)",
  signIn: "Sign in",
  signInHint:
    "Scan the event’s QR code to join, or enter your access token. In dev mode, the link printed at startup contains one.",
  token: "Access token",
  /** @param {string} provider */
  signInWith: (provider) => `Sign in with ${provider}`,
  signInByToken: "Sign in with an access token",
  signingIn: "Signing in…",
  /**
   * Each for the name of the provider.
   *
   * @type {Record<string, (provider: string) => string>}
   */
  signInTroubles: {
    login: () => "Your session has ended. Sign in again.",
    cancelled: () => "Sign-in was cancelled.",
    stale: () => "This sign-in is out of date. Please start again.",
    insecure: (provider) => `Open this page over HTTPS to sign in with ${provider}.`,
    away: (provider) => `${provider} cannot be reached at the moment. Please try again later.`,
    failed: (provider) => `Sign-in with ${provider} failed. Please try again.`,
    clock: (provider) =>
      `The clocks of ${provider} and of the studio differ. The organisers need to set them.`,
    opaque: (provider) =>
      `${provider} sent a token that the studio cannot read. The organisers need to correct the settings.`,
    refused: (provider) =>
      `The studio does not accept tokens of ${provider}. The organisers need to correct the settings.`,
  },
  signOut: "Sign out",
  close: "Close",
  new: "NEW",
  menu: "Menu",
  organise: "Organise",
  /**
   * @param {number} left
   * @param {number} limit
   * @param {string} time
   */
  quotaLeft: (left, limit, time) => `${left} of ${limit} pictures left until ${time}`,
  /** @param {number} used */
  unlimited: (used) => `${used} ${used === 1 ? "picture" : "pictures"} today, no limit`,
  github: "GitHub deliveries",
  /** @type {ByName} */
  deliveries: {
    received: "received",
    processed: "draft created",
    ignored: "ignored",
    failed: "failed",
  },
  posts: "Posts",
  newPost: "New post",
  boardHint:
    "Drag a post to another column, or move it with the arrow keys. Press Enter to open it.",
  post: "Post",
  postTitle: "Title",
  postBody: "Text",
  postStates: {
    draft: "Drafts",
    ready: "Ready",
    scheduled: "Scheduled",
    published: "Published",
    failed: "Failed",
  },
  save: "Save",
  confirmDeletePost: "Delete this post?",
  publishWhen: "When should this post be published?",
  publishAt: "Date and time",
  schedule: "Schedule",
  publishNow: "Publish now",
  /** @param {number} n */
  selected: (n) => (n === 1 ? "1 photo selected" : `${n} photos selected`),
  /** @param {string} name */
  sent: (name) => `${name} is uploaded. Its picture will appear on the wall.`,
  seeIt: "Done, see it",
  /**
   * @param {string} name
   * @param {string} reason
   */
  waitingToSend: (name, reason) => `${name} is waiting (${reason}). It is sent automatically.`,
  noNetwork: "no network",
  /**
   * @param {string} name
   * @param {string} reason
   */
  photoKept: (name, reason) => `${name} is stored, but not transformed yet: ${reason}`,
  retry: "Try again",
  refused: "The token was not accepted",
  sessionEnded: "Your session has ended. Sign in again.",
  statuses: {
    queued: "queued",
    processing: "in progress",
    completed: "completed",
    failed: "failed",
    cancelled: "cancelled",
  },
  /** @type {ByName} */
  events: {
    announcement: "Announcement",
    "picture.approved": "Picture approved",
    "picture.hidden": "Picture hidden",
    "picture.shown": "Picture shown again",
    "event.changed": "Event changed",
    "photo.uploaded": "Photo uploaded",
    "photo.deleted": "Photo deleted",
    "transformation.started": "Transformation started",
    "transformation.completed": "Transformation finished",
    "transformation.failed": "Transformation failed",
    "transformation.cancelled": "Transformation cancelled",
    "github.received": "GitHub delivery received",
    "github.processed": "GitHub delivery processed",
    "github.ignored": "GitHub delivery ignored",
    "github.failed": "GitHub delivery failed",
    "github.retried": "GitHub delivery retried",
    "post.created": "Post created",
    "post.updated": "Post updated",
    "post.deleted": "Post deleted",
    "post.published": "Post published",
    "post.failed": "Post could not be published",
    "game.created": "Game created",
  },
  /**
   * By code or by status. For all others the page shows the server's own sentence.
   *
   * @type {ByName}
   */
  refusals: {
    0: "connection lost",
    heif: "HEIC and AVIF pictures are not accepted. On an iPhone choose Settings > Camera > Formats > Most Compatible, or share the picture as a JPEG.",
    502: "the studio cannot be reached at the moment",
    503: "the studio cannot be reached at the moment",
    504: "the studio cannot be reached at the moment",
  },
  /** @type {ByName} */
  reasons: {
    lost: "Connection lost",
    offline: "Offline",
    silent: "No data received",
    full: "The studio is full",
    failed: "Server error",
    token_expired: "The token has expired",
    lifetime: "The server renews the connection",
    shutdown: "The server is shutting down",
    stalled: "This page was too slow",
    revoked: "The session has ended",
  },
  /** @type {ByName} */
  states: {
    connecting: "Connecting…",
    stream: "Live",
    websocket: "Live",
    shared: "Live, through another tab",
    polling: "Live by polling: a proxy holds streams back",
    paused: "Paused",
    closed: "Closed",
  },
  /** @param {number | undefined} status */
  refusedWith: (status) => `The studio refused this page (${status})`,
  timer: "Countdown",
  /** @param {string} time */
  timerLeft: (time) => `Countdown: ${time}`,
  transports: {
    websocket: "via WebSocket",
    stream: "via event stream",
    polling: "via polling every second",
  },
  timerStates: {
    running: "Running",
    paused: "Paused",
    over: "Time is up",
    completed: "Completed in time!",
  },
  used: "Time used",
  control: "Control the countdown",
  timerStart: "Start",
  timerPause: "Pause",
  timerPenalty: "− 1 minute",
  timerComplete: "Complete",
  timerReset: "Reset",
  minutes: "Minutes",
  chat: "Chat",
  room: "Room",
  enterRoom: "Join",
  message: "Write a message",
  send: "Send",
  /** @param {string} user */
  joined: (user) => `${user} joined`,
  /** @param {string} user */
  left: (user) => `${user} left`,
  /** @param {string} user */
  deleteMessage: (user) => `Delete ${user}’s message`,
  /** @param {string} name */
  archiveSent: (name) => `${name}: importing photos`,
  /**
   * @param {string} name
   * @param {number} imported
   * @param {string[]} rejected
   */
  archiveDone: (name, imported, rejected) =>
    `${name}: ${imported} ${imported === 1 ? "photo" : "photos"} imported${rejected.length > 0 ? `, rejected: ${rejected.join("; ")}` : ""}`,
  draft: "Draft a post",
  /**
   * @param {string} style
   * @param {string} user
   */
  draftPrompt: (style, user) =>
    `Write a short post about a picture in the style ${style}${user && ` by ${user}`}.`,
  /** @param {string} style */
  draftTitle: (style) => `Seen at the studio: ${style}`,
  interrupted: "The answer was interrupted.",
  /** @param {string} engine */
  writtenBy: (engine) => `Written by ${engine}. Review it before you publish it.`,
  scores: "Scores",
  newGame: "New game",
  home: "Home",
  away: "Away",
  noGames: "No games yet.",
  gameStates: { running: "in progress", finished: "final" },
  finish: "Finish",
  /** @param {string} game */
  confirmFinish: (game) => `Finish ${game} with this score?`,
  /** @param {string} name */
  increase: (name) => `One more for ${name}`,
  /** @param {string} name */
  decrease: (name) => `One less for ${name}`,
  notices: "Notifications",
  /** @param {number} n */
  unreadNotices: (n) => (n === 0 ? "Notifications" : `Notifications: ${n} unread`),
  noNotices: "No notifications yet.",
  readAll: "Mark all as read",
  notify: "Notify me when this page is in the background",
  notifyAlways: "Notify me when this page is in the background or closed",
  notifyDenied: "The browser does not allow this page to show notifications.",
  /** @type {ByName} */
  about: {
    "transformation.completed": "Your picture is ready",
    "transformation.failed": "Your picture could not be created",
  },
  /** @param {string} name */
  mentioned: (name) => `${name} mentioned you`,
  metrics: "This server, last minute",
  measures: { cpu: "CPU", heap: "Heap", connections: "Connections", rate: "Events/s" },
  /**
   * @param {string} reason
   * @param {number} seconds
   */
  waiting: (reason, seconds) => `${reason}. Next attempt in ${seconds} s`,
};

/** @type {typeof english} */
const french = {
  diagnose: "Pourquoi rien n’arrive ?",
  photos: "photos",
  pictures: "images",
  running: "en cours",
  viewers: "spectateurs",
  failures: "échecs",
  other: "autres",
  wall: "Mur d’images",
  stage: "Image en grand",
  empty: "Aucune image pour le moment. La vôtre pourrait être la première.",
  noMatch: "Aucune image ne correspond à ces filtres.",
  upload: "Créer une image",
  drop: "Déposez ou collez des photos ici, ou choisissez des fichiers (JPEG, PNG, GIF, WebP ou archive ZIP)",
  removePhoto: (name) => `Retirer ${name}`,
  emptyFile: "le fichier est vide",
  noStyles: (reason) =>
    `Impossible de charger les styles (${reason}). Nouvelle tentative en cours.`,
  skipTo: "Aller à",
  camera: "Prendre une photo",
  take: "Prendre la photo",
  noCamera: "Cette page ne peut utiliser aucune caméra.",
  style: "Style",
  status: "État",
  type: "Type",
  language: "Langue",
  category: "Catégorie",
  search: "Chercher par style ou nom",
  allStyles: "tous les styles",
  allStatuses: "tous les états",
  allTypes: "tous les types",
  allCategories: "toutes les catégories",
  categories: {
    professional: "professionnel",
    artistic: "artistique",
    tech: "tech",
    creative: "créatif",
    thematic: "thématique",
  },
  public: "Afficher pour tous sur le mur",
  original: "Envoyer l’original",
  transform: "Transformer",
  chart: "Événements par minute",
  activity: "Activité",
  pause: "Pause",
  resume: (n) => (n > 0 ? `Reprendre (${n} ${n === 1 ? "nouveau" : "nouveaux"})` : "Reprendre"),
  gallery: "Mes images",
  more: "Afficher plus",
  nothingYet: "Rien ici pour le moment.",
  notTransformed: "non transformée",
  delete: "Supprimer",
  confirmDelete: "Supprimer la photo et toutes les images créées à partir d’elle ?",
  deleted: "Photo supprimée.",
  download: "Télécharger",
  share: "Partager",
  copied: "Lien copié. Toute personne qui a ce lien peut voir l’image.",
  notCopied: (url) => `Toute personne qui a ce lien peut voir l’image : ${url}`,
  compare: "Avant et après",
  before: "photo d’origine",
  beforeAfter: "Avant / après (B)",
  previous: "Précédente",
  next: "Suivante",
  moderation: "Modération",
  moderationHint:
    "A affiche l’image sélectionnée, H la masque, U annule la dernière décision. Les flèches en sélectionnent une autre.",
  selectionLost: "L’image sélectionnée n’est plus dans la liste.",
  waitsAgain: "L’image est de nouveau en attente d’approbation.",
  moderationEmpty: "Rien à décider.",
  waits: "En attente d’approbation",
  reported: (count) =>
    count === 1 ? "Signalée par une personne" : `Signalée par ${count} personnes`,
  quoted: (text) => `« ${text} »`,
  approve: "Afficher",
  hide: "Masquer",
  hidden: "L’image est masquée.",
  shown: "L’image est affichée.",
  report: "Signaler",
  reportWhy: "Quel est le problème avec cette image ?",
  reportSent: "Merci. Les organisateurs vont la regarder.",
  approval: "Afficher les images publiques",
  approvalAfter: "immédiatement",
  approvalBefore: "après approbation",
  reveal: "Les participants voient les images des autres",
  revealNow: "dès maintenant",
  revealLater: "quand vous les dévoilez",
  revealSure:
    "Dévoiler maintenant les images de tous les participants à tout le monde ? C’est irréversible : ce qui a été vu reste vu.",
  artwork: "Logo et cadre",
  artworkHint:
    "Des fichiers PNG de 10 Mo au plus. Le cadre doit avoir des parties transparentes ; il est posé sur chaque nouvelle image. Un format paysage convient le mieux.",
  logo: "Logo",
  frame: "Cadre",
  remove: "Retirer",
  removed: "Retiré.",
  theEvent: "Événement",
  join: "Participer",
  yourName: "Votre nom",
  yourNameHint: "tel que les autres le verront",
  consent:
    "En participant, vous acceptez que les images que vous choisissez de montrer soient vues par tous à l’événement. Vous pouvez les supprimer à tout moment, ainsi que tout ce qui vous concerne.",
  toTheWall: "Voir le mur",
  signedInAs: (name) => `Vous participez en tant que ${name}.`,
  passMissing: "Scannez le code QR de l’événement pour participer.",
  passUnknown: "Ce code n’est plus valable. Demandez-en un nouveau aux organisateurs.",
  nameRefused: "Choisissez un autre nom, sur une seule ligne et sans « @ ».",
  takePart: "Participez",
  thanks: "Merci !",
  begins: (time) => `Début : ${time}`,
  revealedLater: "Les images seront dévoilées plus tard. Participez dès maintenant !",
  takePartHint: "Scannez le code, prenez une photo et voyez-la ici.",
  organisersOnly: "Cette page est réservée aux organisateurs.",
  announce: "Annoncer",
  announceText: "Texte sur toutes les pages et tous les murs",
  announceMinutes: "Minutes",
  announced: "Toutes les pages ouvertes l’affichent.",
  profile: "Ce que tout le monde voit",
  eventName: "Nom de l’événement",
  eventTagline: "Ligne sous le nom",
  eventAccent: "Couleur",
  eventStart: "Début",
  eventEnd: "Fin",
  eventJoinUrl: "Adresse du code QR affiché sur le mur",
  saved: "Enregistré.",
  passes: "Laissez-passer",
  passesHint:
    "Quiconque scanne un laissez-passer peut participer sans compte. Imprimez-le ou affichez-le sur le mur. Supprimer un laissez-passer met fin à l’accès de tous ceux qui l’ont utilisé.",
  passName: "Nom",
  passEnd: "Valable jusqu’au",
  newPass: "Nouveau laissez-passer",
  passUnnamed: "Laissez-passer",
  passUses: (uses, most) => (most ? `${uses} participants sur ${most}` : `${uses} participants`),
  passUntil: (time) => `Valable jusqu’au ${time}`,
  passInvite: "Afficher sur le mur",
  passInvites: "Affiché sur le mur",
  passDelete: "Supprimer",
  passDeleteSure:
    "Supprimer ce laissez-passer et mettre fin à l’accès de tous ceux qui l’ont utilisé ?",
  people: "Participants",
  openPages: "Pages ouvertes",
  noOpenPages: "Aucune page n’est ouverte.",
  anonymous: "non connecté",
  missingNodes: (n) =>
    n === 1
      ? "Un serveur n’a pas répondu : ses pages manquent."
      : `${n} serveurs n’ont pas répondu : leurs pages manquent.`,
  openSince: (how, time, node, address) =>
    `${how} depuis le ${time}, adresse ${address}, serveur ${node}`,
  behind: (n) => (n === 1 ? "1 événement de retard" : `${n} événements de retard`),
  endPage: "Déconnecter",
  endPageOf: (name) => `Déconnecter une page de ${name}`,
  pageEnded: (name) => `Une page de ${name} est déconnectée. Elle peut se reconnecter.`,
  users: "Utilisateurs",
  noUsers: "Aucun utilisateur trouvé.",
  searchUsers: "Chercher par nom ou identifiant",
  holds: (photos, pictures) =>
    `${photos} ${photos < 2 ? "photo" : "photos"}, ${pictures} ${pictures < 2 ? "image" : "images"}`,
  endSessions: "Fermer les sessions",
  endSessionsSure: (name) => `Fermer les sessions de ${name} sur tous les appareils ?`,
  sessionsEnded: (name) => `Les sessions de ${name} sont fermées sur tous les appareils.`,
  erase: "Effacer",
  eraseTitle: "Effacer une personne",
  eraseHint: (name) =>
    `Toutes les photos, images, messages et autres données de ${name} seront supprimés. Cette action est irréversible.`,
  eraseType: (name) => `Saisissez « ${name} » pour confirmer`,
  erasing: (name) => `Effacement de ${name} en cours.`,
  erased: (name) => `Les données de ${name} sont effacées.`,
  statistics: "Statistiques",
  perHour: "Photos et images par heure",
  day: "Jour",
  hour: "Heure",
  visitors: "visiteurs",
  guestsJoined: "invités arrivés",
  asTable: "Sous forme de tableau",
  timesIn: (zone) => `Heures dans le fuseau horaire ${zone}`,
  stylesOfDay: "Styles",
  noPicturesOfDay: "Aucune image ce jour-là.",
  saveTable: "Télécharger (CSV)",
  allPictures: "Toutes les images",
  saveAll: "Télécharger (ZIP)",
  saveAllHint:
    "Toutes les images de l’événement que tout le monde peut voir, avec un tableau. Les images privées ou masquées n’y sont pas.",
  saveOwn: "Tout télécharger (ZIP)",
  signIn: "Se connecter",
  signInHint:
    "Scannez le code QR de l’événement pour participer, ou saisissez votre jeton d’accès. En mode dev, le lien affiché au démarrage en contient un.",
  token: "Jeton d’accès",
  signInWith: (provider) => `Se connecter avec ${provider}`,
  signInByToken: "Se connecter avec un jeton d’accès",
  signingIn: "Connexion en cours…",
  signInTroubles: {
    login: () => "Votre session est terminée. Connectez-vous à nouveau.",
    cancelled: () => "La connexion a été annulée.",
    stale: () => "Cette tentative de connexion a expiré. Veuillez recommencer.",
    insecure: (provider) => `Ouvrez cette page en HTTPS pour vous connecter avec ${provider}.`,
    away: (provider) => `${provider} est injoignable pour le moment. Veuillez réessayer plus tard.`,
    failed: (provider) => `La connexion avec ${provider} a échoué. Veuillez réessayer.`,
    clock: (provider) =>
      `Les horloges de ${provider} et du studio diffèrent. Les organisateurs doivent les régler.`,
    opaque: (provider) =>
      `${provider} a envoyé un jeton que le studio ne peut pas lire. Les organisateurs doivent corriger les réglages.`,
    refused: (provider) =>
      `Le studio n’accepte pas les jetons de ${provider}. Les organisateurs doivent corriger les réglages.`,
  },
  signOut: "Se déconnecter",
  close: "Fermer",
  new: "NOUVEAU",
  menu: "Menu",
  organise: "Organiser",
  quotaLeft: (left, limit, time) =>
    `${left} ${left < 2 ? "image restante" : "images restantes"} sur ${limit} jusqu’au ${time}`,
  unlimited: (used) => `${used} ${used < 2 ? "image" : "images"} aujourd’hui, sans limite`,
  github: "Livraisons GitHub",
  deliveries: {
    received: "reçue",
    processed: "brouillon créé",
    ignored: "ignorée",
    failed: "en échec",
  },
  posts: "Billets",
  newPost: "Nouveau billet",
  boardHint:
    "Glissez un billet vers une autre colonne, ou déplacez-le avec les flèches. Appuyez sur Entrée pour l’ouvrir.",
  post: "Billet",
  postTitle: "Titre",
  postBody: "Texte",
  postStates: {
    draft: "Brouillons",
    ready: "Prêts",
    scheduled: "Programmés",
    published: "Publiés",
    failed: "En échec",
  },
  save: "Enregistrer",
  confirmDeletePost: "Supprimer ce billet ?",
  publishWhen: "Quand faut-il publier ce billet ?",
  publishAt: "Date et heure",
  schedule: "Programmer",
  publishNow: "Publier maintenant",
  selected: (n) => (n === 1 ? "1 photo sélectionnée" : `${n} photos sélectionnées`),
  sent: (name) => `${name} : envoi terminé. L’image va apparaître sur le mur.`,
  seeIt: "Terminé, voir l’image",
  waitingToSend: (name, reason) => `${name} est en attente (${reason}). L’envoi sera automatique.`,
  noNetwork: "pas de réseau",
  photoKept: (name, reason) => `${name} est enregistrée, mais pas encore transformée : ${reason}`,
  retry: "Réessayer",
  refused: "Le jeton n’a pas été accepté",
  sessionEnded: "Votre session est terminée. Connectez-vous à nouveau.",
  statuses: {
    queued: "en attente",
    processing: "en cours",
    completed: "terminée",
    failed: "en échec",
    cancelled: "annulée",
  },
  events: {
    announcement: "Annonce",
    "picture.approved": "Image approuvée",
    "picture.hidden": "Image masquée",
    "picture.shown": "Image affichée à nouveau",
    "event.changed": "Événement modifié",
    "photo.uploaded": "Photo envoyée",
    "photo.deleted": "Photo supprimée",
    "transformation.started": "Transformation démarrée",
    "transformation.completed": "Transformation terminée",
    "transformation.failed": "Échec de la transformation",
    "transformation.cancelled": "Transformation annulée",
    "github.received": "Livraison GitHub reçue",
    "github.processed": "Livraison GitHub traitée",
    "github.ignored": "Livraison GitHub ignorée",
    "github.failed": "Échec d’une livraison GitHub",
    "github.retried": "Livraison GitHub relancée",
    "post.created": "Billet créé",
    "post.updated": "Billet modifié",
    "post.deleted": "Billet supprimé",
    "post.published": "Billet publié",
    "post.failed": "Échec de la publication d’un billet",
    "game.created": "Match créé",
  },
  refusals: {
    0: "connexion perdue",
    heif: "les images HEIC et AVIF ne sont pas acceptées. Sur un iPhone, choisissez Réglages > Appareil photo > Formats > Le plus compatible, ou partagez l’image en JPEG.",
    too_large: "le fichier est trop volumineux",
    unsupported_image: "ce fichier n’est pas une photo JPEG, PNG, GIF ou WebP",
    damaged_image: "la photo est endommagée ou incomplète",
    too_many_pixels: "la photo a trop de pixels",
    timer_over: "le compte à rebours est terminé, réinitialisez-le d’abord",
    finished: "le match est terminé",
    illegal_move: "un billet ne peut pas passer directement de cet état à celui-là",
    publishing: "ce billet est en cours de publication",
    published: "ce billet est déjà publié",
    too_many_passes: "il y a trop de laissez-passer, supprimez-en un d’abord",
    too_many_hooks: "il y a trop de webhooks, supprimez-en un d’abord",
    not_in_the_future: "cette date est déjà passée",
    one_at_a_time: "la réponse précédente est encore en cours",
    too_many_uploads: "trop d’envois sont en cours, réessayez dans quelques secondes",
    too_many_tasks: "trop d’archives sont en cours d’import, réessayez plus tard",
    quota_exhausted: "le quota du jour est épuisé",
    queue_full: "trop d’images sont en attente, réessayez plus tard",
    400: "la demande n’est pas valide",
    401: "le jeton n’a pas été accepté",
    403: "ce jeton n’en donne pas le droit",
    404: "cet élément n’existe pas, ou plus",
    409: "l’état actuel ne le permet pas",
    413: "le fichier est trop volumineux",
    415: "ce format n’est pas accepté",
    422: "le contenu n’est pas accepté",
    429: "trop de demandes, réessayez plus tard",
    500: "erreur du serveur, réessayez plus tard",
    502: "le studio est injoignable pour le moment",
    503: "le studio est injoignable pour le moment",
    504: "le studio est injoignable pour le moment",
  },
  reasons: {
    lost: "Connexion perdue",
    offline: "Hors ligne",
    silent: "Aucune donnée reçue",
    full: "Le studio est complet",
    failed: "Erreur du serveur",
    token_expired: "Le jeton a expiré",
    lifetime: "Le serveur renouvelle la connexion",
    shutdown: "Le serveur s’arrête",
    stalled: "Cette page était trop lente",
    revoked: "La session est terminée",
  },
  states: {
    connecting: "Connexion…",
    stream: "En direct",
    websocket: "En direct",
    shared: "En direct, par un autre onglet",
    polling: "En direct par interrogation régulière : un proxy retient les flux",
    paused: "En pause",
    closed: "Fermé",
  },
  refusedWith: (status) => `Le studio a refusé cette page (${status})`,
  timer: "Compte à rebours",
  timerLeft: (time) => `Compte à rebours : ${time}`,
  transports: {
    websocket: "par WebSocket",
    stream: "par flux d’événements",
    polling: "par interrogation chaque seconde",
  },
  timerStates: {
    running: "En cours",
    paused: "En pause",
    over: "Le temps est écoulé",
    completed: "Terminé à temps !",
  },
  used: "Temps utilisé",
  control: "Contrôler le compte à rebours",
  timerStart: "Démarrer",
  timerPause: "Pause",
  timerPenalty: "− 1 minute",
  timerComplete: "Terminer",
  timerReset: "Réinitialiser",
  minutes: "Minutes",
  chat: "Discussion",
  room: "Salon",
  enterRoom: "Rejoindre",
  message: "Écrire un message",
  send: "Envoyer",
  joined: (user) => `${user} a rejoint le salon`,
  left: (user) => `${user} a quitté le salon`,
  deleteMessage: (user) => `Supprimer le message de ${user}`,
  archiveSent: (name) => `${name} : import des photos en cours`,
  archiveDone: (name, imported, rejected) =>
    `${name} : ${imported} ${imported < 2 ? "photo importée" : "photos importées"}${rejected.length > 0 ? `, refusées : ${rejected.join(" ; ")}` : ""}`,
  draft: "Rédiger un billet",
  draftPrompt: (style, user) =>
    `Écris un court billet sur une image${user && ` de ${user}`} dans le style ${style}.`,
  draftTitle: (style) => `Vu au studio : ${style}`,
  interrupted: "La réponse a été interrompue.",
  writtenBy: (engine) => `Écrit par ${engine}. À relire avant publication.`,
  scores: "Scores",
  newGame: "Nouveau match",
  home: "Domicile",
  away: "Extérieur",
  noGames: "Aucun match pour le moment.",
  gameStates: { running: "en cours", finished: "terminé" },
  finish: "Terminer",
  confirmFinish: (game) => `Terminer ${game} sur ce score ?`,
  increase: (name) => `Un de plus pour ${name}`,
  decrease: (name) => `Un de moins pour ${name}`,
  notices: "Notifications",
  unreadNotices: (n) =>
    n === 0 ? "Notifications" : `Notifications : ${n} ${n === 1 ? "non lue" : "non lues"}`,
  noNotices: "Aucune notification pour le moment.",
  readAll: "Tout marquer comme lu",
  notify: "Me prévenir quand cette page est en arrière-plan",
  notifyAlways: "Me prévenir quand cette page est en arrière-plan ou fermée",
  notifyDenied: "Le navigateur ne permet pas à cette page d’afficher des notifications.",
  about: {
    "transformation.completed": "Votre image est prête",
    "transformation.failed": "Votre image n’a pas pu être créée",
  },
  mentioned: (name) => `${name} vous mentionne`,
  metrics: "Ce serveur, dernière minute",
  measures: { cpu: "Processeur", heap: "Mémoire", connections: "Connexions", rate: "Événements/s" },
  waiting: (reason, seconds) => `${reason}. Nouvelle tentative dans ${seconds} s`,
};

const wanted = localStorage.getItem(KEY) ?? navigator.language;

/** @type {"en" | "fr"} */
export const language = wanted.startsWith("fr") ? "fr" : "en";

/**
 * Sets French texts as printers do: the space before ";", "!", "?" and ":", and the spaces inside
 * "« »", never end a line.
 *
 * @param {any} part a text, a function that returns one, or an object of such parts
 * @returns {any}
 */
function typeset(part) {
  if (typeof part === "function")
    return (/** @type {unknown[]} */ ...given) => typeset(part(...given));
  if (typeof part !== "string")
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, typeset(inner)]));
  return part
    .replaceAll(/ (?=[;!?])/g, "\u202f")
    .replaceAll(/ (?=[:»])/g, "\u00a0")
    .replaceAll("« ", "«\u00a0");
}

/** @type {typeof english} */
const texts = language === "fr" ? typeset(french) : english;

export const words = { ...texts, connection, event, refusal };

/**
 * Stores the language and shows the page in it.
 *
 * @param {string} other
 */
export function choose(other) {
  localStorage.setItem(KEY, other);
  location.reload();
}

/**
 * Describes the state of a connection. Without `seconds` the text stays the same until the next
 * state.
 *
 * @param {ConnectionState} state
 * @returns {string}
 */
function connection({ state, transport = "", reason, seconds, status }) {
  if (state === "waiting") {
    const why = words.reasons[reason ?? ""] ?? reason ?? words.reasons.lost;
    return seconds === undefined || reason === "offline" ? why : words.waiting(why, seconds);
  }
  if (state === "refused") return status === 401 ? words.refused : words.refusedWith(status);
  return words.states[state === "live" ? transport : state];
}

/**
 * Describes an event. Names that publishers have chosen stay as they are.
 *
 * @param {string} type
 */
function event(type) {
  return Object.hasOwn(words.events, type) ? words.events[type] : type;
}

/**
 * Describes why a call was refused.
 *
 * @param {any} failure a Refusal
 * @returns {string}
 */
function refusal({ code, status, message }) {
  return words.refusals[code] ?? words.refusals[status] ?? message;
}

/**
 * Returns the word of a name such as `statuses.failed`.
 *
 * @param {string | undefined} name
 * @returns {string}
 */
function wordOf(name = "") {
  /** @type {any} */
  let found = words;
  for (const key of name.split(".")) found = found[key];
  return found;
}

/** Writes the words into the page. */
export function write() {
  const { documentElement: page } = document;
  page.lang = language;
  if (page.dataset.title) document.title = `${wordOf(page.dataset.title)} · DevFest Studio`;
  const named = /** @type {NodeListOf<HTMLElement>} */ (
    document.querySelectorAll("[data-word], [data-label], [data-placeholder]")
  );
  for (const element of named) {
    const { word, label, placeholder } = element.dataset;
    if (word) element.textContent = wordOf(word);
    if (label) element.setAttribute("aria-label", wordOf(label));
    if (placeholder) element.setAttribute("placeholder", wordOf(placeholder));
  }
}
