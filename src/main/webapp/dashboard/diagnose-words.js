// The words of /diagnose in English and French.

import { language } from "./words.js";

const english = {
  title: "Why is nothing live here?",
  running: "Testing. This takes about ten seconds.",
  fine: "Everything works. Events arrive at once, and nothing is lost when a connection is cut.",
  again: "Test again",
  quietTest: "Test a quiet connection (2 minutes)",
  copy: "Copy the report",
  copied: "Copied. The report contains no token and no name.",
  notCopied: "The browser does not allow copying.",
  back: "Back to the studio",
  language: "Language",
  checks: {
    network: "Reach the studio",
    arrival: "Receive events at once",
    resume: "Continue after a cut",
    socket: "Open a WebSocket",
    quiet: "Keep a quiet connection open",
  },
  states: {
    waiting: "not tested yet",
    running: "testing …",
    works: "works",
    warns: "with restrictions",
    fails: "does not work",
    skipped: "only for users who are signed in",
    untested: "not tested, because no event arrives",
  },
  /** @param {number} millis */
  roundTrip: (millis) => `an answer takes ${Math.round(millis)} ms`,
  /** @param {number} millis */
  delay: (millis) => `an event takes ${Math.round(millis)} ms at most`,
  /** @param {number} seconds */
  pause: (seconds) => `continued after ${seconds.toFixed(1)} s without loss`,
  /** @param {number} millis */
  opened: (millis) => `answered after ${Math.round(millis)} ms`,
  /** @param {number} seconds */
  kept: (seconds) => `${Math.round(seconds)} s`,
  findings: {
    offline: "This device has no network. Connect it, then test again.",
    unreachable:
      "The studio does not answer. It is down, or a firewall, a VPN or a content blocker is in the way. If other devices reach it, the cause is this device or its network.",
    ill: "The studio answers, but reports that a part of it is down. Its operator finds the part at /api/v1/health.",
    blocked:
      "Streams do not get through, although other requests do. The likely culprit is a proxy that waits for the end of a response, or a virus scanner or content blocker that does not let text/event-stream pass. Operators: switch buffering off in the proxy (nginx: proxy_buffering off). Users: try another network, such as mobile data.",
    held: "Events arrive late and in bursts: something collects them before they reach you. The likely culprit is a proxy that buffers responses, or a virus scanner that inspects them. Operators: switch buffering off (nginx: proxy_buffering off, and do not ignore X-Accel-Buffering). Users: try another network, such as mobile data.",
    compressed:
      "Events arrive late and in bursts, and the stream is compressed on its way. The likely culprit is a proxy or a content delivery network that compresses text/event-stream and waits until a block is full. Operators: exclude that type from compression.",
    replaced:
      "Something else than the studio answers for it, such as the sign-in page of a public network. Open any page over http:// to sign in to the network, then test again.",
    refused:
      "The studio, or a proxy before it, refuses streams. Operators: read the log of the proxy.",
    full: "The studio has no free stream, or too many connections are tested from this address. Test again in a few minutes. Operators: see studio.stream.max-connections and, behind a proxy, studio.trusted-proxies.",
    cut: "A stream is cut within seconds. The likely culprit is a proxy with a short time limit for responses. Operators: raise it (nginx: proxy_read_timeout 1h).",
    stays:
      "A stream that has ended is not reported to the browser, so it does not reconnect. The likely culprit is a proxy that keeps the connection open.",
    closed:
      "A stream that was cut is not opened again within 20 seconds: a proxy refuses the second attempt, or studio.stream.retry is longer than that. Operators: read the log of the proxy.",
    unfinished:
      "A stream that was cut continues without loss, but so late that the test of 20 seconds does not finish. The likely cause is a slow network, or a long studio.stream.retry. Operators: look at that setting, and at how long the proxy takes to open a stream.",
    lost: "Events are lost when a connection is cut. The likely culprit is a proxy that removes the header Last-Event-ID, or that answers from a cache. Operators: pass the header on, and do not cache /api.",
    repeated:
      "Events come twice when a connection is cut. The likely culprit is a proxy that removes the header Last-Event-ID, or that answers from a cache. Operators: pass the header on, and do not cache /api.",
    socket:
      "WebSockets do not get through. The studio uses streams instead, so nothing is missing. Operators who want WebSockets: let the proxy pass the headers Upgrade and Connection on.",
    quiet:
      "Idle connections are cut. The likely culprit is a proxy, a firewall or a mobile network with a short time limit. The page reconnects each time and loses nothing. Operators: raise the limit, or lower studio.stream.heartbeat below it.",
    slow: "The network is slow: each answer takes long. Pictures appear late, but nothing is lost.",
    clock:
      "The clock of this device differs from that of the studio by more than a minute, so a sign-in can fail. Let the device set its clock by itself.",
  },
};

/** @type {typeof english} */
const french = {
  title: "Pourquoi rien n’arrive en direct ?",
  running: "Test en cours, pendant une dizaine de secondes.",
  fine: "Tout fonctionne. Les événements arrivent aussitôt, et rien n’est perdu si la connexion est coupée.",
  again: "Recommencer le test",
  quietTest: "Tester une connexion calme (2 minutes)",
  copy: "Copier le rapport",
  copied: "Copié. Le rapport ne contient ni jeton ni nom.",
  notCopied: "Le navigateur ne permet pas de copier.",
  back: "Retour au studio",
  language: "Langue",
  checks: {
    network: "Joindre le studio",
    arrival: "Recevoir les événements aussitôt",
    resume: "Reprendre après une coupure",
    socket: "Ouvrir un WebSocket",
    quiet: "Garder ouverte une connexion calme",
  },
  states: {
    waiting: "pas encore testé",
    running: "test en cours…",
    works: "fonctionne",
    warns: "fonctionne en partie",
    fails: "ne fonctionne pas",
    skipped: "seulement pour les utilisateurs connectés",
    untested: "pas testé, car aucun événement n’arrive",
  },
  roundTrip: (millis) => `une réponse prend ${Math.round(millis)} ms`,
  delay: (millis) => `un événement prend au plus ${Math.round(millis)} ms`,
  pause: (seconds) => `reprise après ${seconds.toFixed(1).replace(".", ",")} s, sans perte`,
  opened: (millis) => `réponse après ${Math.round(millis)} ms`,
  kept: (seconds) => `${Math.round(seconds)} s`,
  findings: {
    offline: "Cet appareil n’a pas de réseau. Connectez-le, puis recommencez le test.",
    unreachable:
      "Le studio ne répond pas. Il est arrêté, ou un pare-feu, un VPN ou un bloqueur de contenu fait obstacle. Si d’autres appareils le joignent, la cause est cet appareil ou son réseau.",
    ill: "Le studio répond, mais signale qu’une de ses parties est en panne. Son exploitant la trouve sous /api/v1/health.",
    blocked:
      "Les flux ne passent pas, alors que les autres requêtes passent. La cause probable est un proxy qui attend la fin d’une réponse, ou un antivirus ou un bloqueur de contenu qui arrête text/event-stream. Exploitants : désactivez la mise en tampon du proxy (nginx : proxy_buffering off). Utilisateurs : essayez un autre réseau, par exemple les données mobiles.",
    held: "Les événements arrivent en retard et par paquets : quelque chose les accumule en chemin. La cause probable est un proxy qui met les réponses en tampon, ou un antivirus qui les examine. Exploitants : désactivez la mise en tampon (nginx : proxy_buffering off, sans ignorer X-Accel-Buffering). Utilisateurs : essayez un autre réseau, par exemple les données mobiles.",
    compressed:
      "Les événements arrivent en retard et par paquets, et le flux est compressé en chemin. La cause probable est un proxy ou un réseau de diffusion qui compresse text/event-stream et attend qu’un bloc soit plein. Exploitants : excluez ce type de la compression.",
    replaced:
      "Quelque chose d’autre répond à la place du studio, par exemple la page de connexion d’un réseau public. Ouvrez une page en http:// pour vous connecter à ce réseau, puis recommencez le test.",
    refused:
      "Le studio, ou un proxy devant lui, refuse les flux. Exploitants : lisez le journal du proxy.",
    full: "Le studio n’a plus de flux libre, ou trop de connexions sont testées depuis cette adresse. Recommencez dans quelques minutes. Exploitants : voyez studio.stream.max-connections et, derrière un proxy, studio.trusted-proxies.",
    cut: "Un flux est coupé après quelques secondes. La cause probable est un proxy dont le délai pour une réponse est court. Exploitants : augmentez-le (nginx : proxy_read_timeout 1h).",
    stays:
      "La fin d’un flux n’est pas signalée au navigateur, qui ne se reconnecte donc pas. La cause probable est un proxy qui garde la connexion ouverte.",
    closed:
      "Un flux coupé n’est pas rouvert en 20 secondes : un proxy refuse la deuxième tentative, ou studio.stream.retry est plus long. Exploitants : lisez le journal du proxy.",
    unfinished:
      "Un flux coupé reprend sans perte, mais si tard que le test de 20 secondes ne se termine pas. La cause probable est un réseau lent, ou un studio.stream.retry long. Exploitants : voyez ce réglage, et le temps que met le proxy à ouvrir un flux.",
    lost: "Des événements sont perdus lors d’une coupure. La cause probable est un proxy qui retire l’en-tête Last-Event-ID, ou qui répond depuis un cache. Exploitants : transmettez l’en-tête, et ne mettez pas /api en cache.",
    repeated:
      "Des événements arrivent deux fois après une coupure. La cause probable est un proxy qui retire l’en-tête Last-Event-ID, ou qui répond depuis un cache. Exploitants : transmettez l’en-tête, et ne mettez pas /api en cache.",
    socket:
      "Les WebSockets ne passent pas. Le studio se sert de flux à la place, donc rien ne manque. Exploitants qui veulent des WebSockets : faites transmettre les en-têtes Upgrade et Connection par le proxy.",
    quiet:
      "Une connexion sur laquelle il se passe peu de chose est coupée. La cause probable est un proxy, un pare-feu ou un réseau mobile dont le délai est court. La page se reconnecte chaque fois et ne perd rien. Exploitants : augmentez le délai, ou réglez studio.stream.heartbeat au-dessous.",
    slow: "Le réseau est lent : chaque réponse prend du temps. Les images apparaissent tard, mais rien n’est perdu.",
    clock:
      "L’horloge de cet appareil diffère de plus d’une minute de celle du studio, ce qui peut faire échouer une connexion. Laissez l’appareil régler son horloge lui-même.",
  },
};

export const texts = language === "fr" ? french : english;
