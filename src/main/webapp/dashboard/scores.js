// The games and their scores: however many there are, one connection brings them.

import { connect } from "../client/devfest-studio.js";
import { call, token } from "./api.js";
import { isPublisher, prepare, tellState } from "./page.js";
import { words } from "./words.js";

const element = (id) => document.getElementById(id);
/** One of the connection's fifty channels is for new games. */
const MOST_FOLLOWED = 40;
const MOST_SHOWN = 60;
const CHANGED_FOR = 2_000;
const SIDES = ["home", "away"];

const games = new Map();
const drives = isPublisher();
let studio = null;

/** A game as it is shown. */
class Card {
  #changed = 0;
  #wish = null;
  #sending = false;

  constructor({ gameId, home, away }) {
    this.id = gameId;
    this.names = { home, away };
    this.score = null;
    this.element = this.#build();
  }

  get finished() {
    return this.element.dataset.status === "finished";
  }

  /** Shows the score; what has changed stands out for a moment. */
  show({ home_score: home, away_score: away }) {
    const score = { home, away };
    for (const side of SIDES) {
      const number = this.element.querySelector(`.${side} .score`);
      const changes = this.score !== null && this.score[side] !== score[side];
      number.textContent = score[side];
      if (changes) number.classList.add("changed");
    }
    if (this.score !== null && (this.score.home !== home || this.score.away !== away)) {
      clearTimeout(this.#changed);
      this.#changed = setTimeout(() => {
        for (const number of this.element.querySelectorAll(".changed")) number.classList.remove("changed");
      }, CHANGED_FOR);
      element("scores-change").textContent = `${this.names.home} ${home} : ${away} ${this.names.away}`;
    }
    this.score = score;
  }

  finish() {
    if (this.finished) return;
    this.element.dataset.status = "finished";
    this.element.querySelector(".state").textContent = words.gameStates.finished;
    for (const button of this.element.querySelectorAll("button")) button.remove();
  }

  #build() {
    const card = document.createElement("li");
    card.className = "game card";
    card.dataset.game = this.id;
    card.dataset.status = "running";
    const title = document.createElement("h2");
    title.className = "unseen";
    title.textContent = `${this.names.home} – ${this.names.away}`;
    const state = document.createElement("p");
    state.className = "state soft";
    state.textContent = words.gameStates.running;
    card.append(title, ...SIDES.map((side) => this.#side(side)), state);
    if (drives) {
      const finish = this.#button("quiet finish", words.finish, `${words.finish}: ${title.textContent}`);
      finish.addEventListener("click", () => {
        if (confirm(words.finishGame(title.textContent))) this.#send("finished");
      });
      card.append(finish);
    }
    return card;
  }

  #side(side) {
    const row = document.createElement("div");
    row.className = `side ${side}`;
    const name = document.createElement("span");
    name.className = "name";
    name.textContent = this.names[side];
    const score = document.createElement("b");
    score.className = "score";
    score.textContent = "–";
    row.append(name, score);
    if (drives) {
      const less = this.#button("quiet", "−", words.oneLess(this.names[side]));
      const more = this.#button("quiet", "+", words.oneMore(this.names[side]));
      less.addEventListener("click", () => this.#count(side, -1));
      more.addEventListener("click", () => this.#count(side, 1));
      row.append(less, more);
    }
    return row;
  }

  #button(className, text, label) {
    const button = Object.assign(document.createElement("button"), { type: "button", className, textContent: text });
    button.setAttribute("aria-label", label);
    return button;
  }

  /** Presses that come quicker than answers are counted together. */
  #count(side, by) {
    if (this.score === null) return;
    this.#wish ??= { ...this.score };
    this.#wish[side] = Math.max(0, this.#wish[side] + by);
    if (!this.#sending) this.#send("score");
  }

  async #send(type) {
    this.#sending = true;
    say("");
    try {
      for (let wish = this.#wish ?? this.score; wish; wish = this.#wish) {
        const sent = { ...wish };
        const body = { home_score: sent.home, away_score: sent.away, event_type: type };
        await call(`/games/${this.id}/score`, { method: "POST", body });
        if (this.#wish === null || SIDES.every((side) => this.#wish[side] === sent[side])) this.#wish = null;
      }
    } catch (failure) {
      this.#wish = null;
      say(words.refusal(failure));
    } finally {
      this.#sending = false;
    }
  }
}

function say(text) {
  element("scores-message").textContent = text;
}

/** Shows a game and follows it, unless it is known or over. */
function meet(game) {
  let card = games.get(game.gameId);
  if (!card) {
    card = new Card(game);
    games.set(card.id, card);
    element("games").prepend(card.element);
    studio.onChannel(channelOf(card.id), (frame) => onScore(card, frame));
    trim();
  }
  card.show(game);
  if (game.status === "finished") end(card);
  element("games-empty").hidden = true;
  return card;
}

/** What is long over makes room. */
function trim() {
  while (games.size > MOST_SHOWN) {
    const cards = [...element("games").children].reverse();
    drop((cards.find(({ dataset }) => dataset.status === "finished") ?? cards[0]).dataset.game);
  }
}

function drop(id) {
  games.get(id)?.element.remove();
  games.delete(id);
  leave(id);
}

const channelOf = (id) => `games/${id}`;

function onScore(card, { event, data }) {
  card.show(data);
  if (event === "finished") end(card);
}

function end(card) {
  card.finish();
  leave(card.id);
}

function leave(id) {
  if (studio.channels.includes(channelOf(id))) studio.leave(channelOf(id)).catch(() => {}); // nothing comes on it
}

async function follow(ids) {
  const wanted = ids.map(channelOf).filter((channel) => !studio.channels.includes(channel));
  const room = MOST_FOLLOWED + 1 - studio.channels.length;
  if (wanted.length === 0 || room <= 0) return;
  try {
    await studio.follow(...wanted.slice(0, room));
  } catch (failure) {
    // It has gone meanwhile.
    for (const channel of failure.channels ?? []) drop(channel.replace(channelOf(""), ""));
  }
}

/** All that there are, oldest first, so that the newest stands above. */
async function lookUp() {
  const { items } = await call(`/games?limit=${MOST_SHOWN}`);
  for (const game of [...items].reverse()) meet(game);
  element("games-empty").hidden = games.size > 0;
  await follow(items.filter(({ status }) => status !== "finished").map(({ gameId }) => gameId));
}

/** Looked up, as whoever may publish could have sent the event. */
async function onCreated({ data }) {
  const game = await call(`/games/${encodeURIComponent(data?.gameId)}`);
  meet(game);
  if (game.status !== "finished") await follow([game.gameId]);
}

async function create(event) {
  event.preventDefault();
  say("");
  const { home, away } = element("new-game").elements;
  try {
    await call("/games", { method: "POST", body: { home: home.value, away: away.value } });
    element("new-game").reset();
    home.focus();
  } catch (failure) {
    say(words.refusal(failure));
  }
}

prepare();
if (drives) {
  element("new-game").hidden = false;
  element("new-game").addEventListener("submit", create);
}
// What was missed is in the list, so there is nothing to resume.
studio = connect({ token, channels: ["events"], resume: false, pauseWhenHidden: false });
studio.onState(tellState);
studio.on("game.created", (event) => onCreated(event).catch(() => {})); // no game is none to show
studio.on("connected", () => lookUp().catch((failure) => say(words.refusal(failure))));
