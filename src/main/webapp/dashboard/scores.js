// The games and their scores, all over one connection.

import { connect } from "../client/devfest-studio.js";
import { call } from "./api.js";
import { byId, element, fieldOf } from "./dom.js";
import { followEvent } from "./occasion.js";
import { isPublisher, prepare, showState } from "./page.js";
import { access } from "./session.js";
import { words } from "./words.js";

/** @typedef {{ home: number, away: number }} Score */

/** @typedef {"home" | "away"} Side */

/**
 * A game as the API describes it.
 *
 * @typedef {object} Game
 * @property {string} gameId
 * @property {string} home
 * @property {string} away
 * @property {number} home_score
 * @property {number} away_score
 * @property {string} status
 */

/** The connection has at most fifty channels; one of them announces new games. */
const MOST_FOLLOWED = 40;
const MOST_SHOWN = 60;
const CHANGED_FOR = 2_000;
/** @type {Side[]} */
const SIDES = ["home", "away"];

/** @type {Map<string, Card>} */
const games = new Map();

/** A game on the page. */
class Card {
  /** @type {Record<Side, HTMLElement>} */
  #numbers = {
    home: element("b", { className: "score" }, "–"),
    away: element("b", { className: "score" }, "–"),
  };
  #state = element("p", { className: "state soft" }, words.gameStates.running);
  /** @type {Score | null} */
  #score = null;
  /** @type {Score | null} the score that the user wants and that is not sent yet */
  #wanted = null;
  #sending = false;
  #changed = 0;

  /** @param {Game} game */
  constructor({ gameId, home, away }) {
    this.id = gameId;
    this.names = { home, away };
    this.element = this.#build();
  }

  get finished() {
    return this.element.dataset.status === "finished";
  }

  /**
   * Shows the score, and highlights the numbers that have changed for a moment.
   *
   * @param {{ home_score: number, away_score: number }} game
   */
  show({ home_score: home, away_score: away }) {
    const before = this.#score;
    const score = { home, away };
    const changes = SIDES.filter((side) => before !== null && before[side] !== score[side]);
    for (const side of SIDES) this.#numbers[side].textContent = String(score[side]);
    for (const side of changes) this.#numbers[side].classList.add("changed");
    if (changes.length > 0) {
      clearTimeout(this.#changed);
      this.#changed = setTimeout(() => {
        for (const side of SIDES) this.#numbers[side].classList.remove("changed");
      }, CHANGED_FOR);
      byId("scores-change").textContent = `${this.names.home} ${home} : ${away} ${this.names.away}`;
    }
    this.#score = score;
  }

  finish() {
    if (this.finished) return;
    this.element.dataset.status = "finished";
    this.#state.textContent = words.gameStates.finished;
    this.element.querySelectorAll("button").forEach((old) => old.remove());
  }

  #build() {
    const title = `${this.names.home} – ${this.names.away}`;
    const onFinish = () => {
      if (confirm(words.confirmFinish(title))) this.#send("finished");
    };
    return element(
      "li",
      { className: "game card", dataset: { game: this.id, status: "running" } },
      element("h2", { className: "unseen" }, title),
      ...SIDES.map((side) => this.#side(side)),
      this.#state,
      isPublisher()
        ? button("quiet finish", words.finish, `${words.finish}: ${title}`, onFinish)
        : undefined,
    );
  }

  /** @param {Side} side */
  #side(side) {
    const name = this.names[side];
    const buttons = isPublisher()
      ? [
          button("quiet", "−", words.decrease(name), () => this.#count(side, -1)),
          button("quiet", "+", words.increase(name), () => this.#count(side, 1)),
        ]
      : [];
    const label = element("span", { className: "name" }, name);
    return element("div", { className: `side ${side}` }, label, this.#numbers[side], ...buttons);
  }

  /**
   * Changes a number. Clicks that are faster than the responses are sent together.
   *
   * @param {Side} side
   * @param {number} by
   */
  #count(side, by) {
    if (this.#score === null) return;
    this.#wanted ??= { ...this.#score };
    this.#wanted[side] = Math.max(0, this.#wanted[side] + by);
    if (!this.#sending) this.#send("score");
  }

  /** @param {string} type of the change */
  async #send(type) {
    this.#sending = true;
    say("");
    try {
      for (let next = this.#wanted ?? this.#score; next; next = this.#wanted) {
        const sent = { ...next };
        const body = { home_score: sent.home, away_score: sent.away, event_type: type };
        await call(`/games/${this.id}/score`, { method: "POST", body });
        const wanted = this.#wanted;
        if (wanted === null || SIDES.every((side) => wanted[side] === sent[side]))
          this.#wanted = null;
      }
    } catch (failure) {
      this.#wanted = null;
      say(words.refusal(failure));
    } finally {
      this.#sending = false;
    }
  }
}

/**
 * @param {string} className
 * @param {string} textContent
 * @param {string} label
 * @param {() => void} onclick
 */
function button(className, textContent, label, onclick) {
  return element("button", {
    type: "button",
    className,
    textContent,
    "aria-label": label,
    onclick,
  });
}

/** @param {string} text */
function say(text) {
  byId("scores-message").textContent = text;
}

/** @param {string} id of a game */
const channelOf = (id) => `games/${id}`;

/**
 * Shows a game, and listens to its channel unless it is known.
 *
 * @param {Game} game
 */
function show(game) {
  const card = games.get(game.gameId) ?? add(game);
  card.show(game);
  if (game.status === "finished") end(card);
  byId("games-empty").hidden = true;
}

/** @param {Game} game */
function add(game) {
  const card = new Card(game);
  games.set(card.id, card);
  byId("games").prepend(card.element);
  studio.onChannel(channelOf(card.id), ({ event, data }) => {
    card.show(/** @type {Game} */ (data));
    if (event === "finished") end(card);
  });
  trim();
  return card;
}

/** Removes the oldest games, finished ones first, if there are too many. */
function trim() {
  while (games.size > MOST_SHOWN) {
    const cards = [...games.values()];
    remove((cards.find(({ finished }) => finished) ?? cards[0]).id);
  }
}

/** @param {string} id */
function remove(id) {
  games.get(id)?.element.remove();
  games.delete(id);
  leave(id);
}

/** @param {Card} card */
function end(card) {
  card.finish();
  leave(card.id);
}

/** @param {string} id */
function leave(id) {
  const channel = channelOf(id);
  if (studio.channels?.includes(channel)) studio.leave(channel).catch(() => {}); // the game has ended
}

/** @param {string[]} ids */
async function follow(ids) {
  const followed = studio.channels ?? [];
  const wanted = ids.map(channelOf).filter((channel) => !followed.includes(channel));
  const room = MOST_FOLLOWED + 1 - followed.length;
  if (wanted.length === 0 || room <= 0) return;
  try {
    await studio.follow(...wanted.slice(0, room));
  } catch (failure) {
    // The games have ended in the meantime.
    const { channels = [] } = /** @type {{ channels?: string[] }} */ (failure);
    for (const channel of channels) remove(channel.replace(channelOf(""), ""));
  }
}

/**
 * Loads all games. The list has the newest first; cards are added in reverse, each above the
 * others.
 */
async function load() {
  /** @type {{ items: Game[] }} */
  const { items } = await call(`/games?limit=${MOST_SHOWN}`);
  for (const game of [...items].reverse()) show(game);
  byId("games-empty").hidden = games.size > 0;
  await follow(items.filter(({ status }) => status !== "finished").map(({ gameId }) => gameId));
}

/**
 * Loads a new game: any publisher can send such an event, so its data proves nothing.
 *
 * @param {import("../client/devfest-studio.js").StudioEvent<string, any>} event
 */
async function onCreated({ data }) {
  /** @type {Game} */
  const game = await call(`/games/${encodeURIComponent(data?.gameId)}`);
  show(game);
  if (game.status !== "finished") await follow([game.gameId]);
}

/** @param {SubmitEvent} event */
async function create(event) {
  event.preventDefault();
  say("");
  const home = fieldOf("new-game", "home", HTMLInputElement);
  const away = fieldOf("new-game", "away", HTMLInputElement);
  try {
    await call("/games", { method: "POST", body: { home: home.value, away: away.value } });
    byId("new-game", HTMLFormElement).reset();
    home.focus();
  } catch (failure) {
    say(words.refusal(failure));
  }
}

await prepare();
if (isPublisher()) {
  byId("new-game").hidden = false;
  byId("new-game").addEventListener("submit", create);
}
// The list includes what was missed, so there is nothing to resume.
const studio = connect({
  ...access(),
  channels: ["events"],
  resume: false,
  pauseWhenHidden: false,
});
studio.onState(showState);
followEvent(studio);
// An event without a game shows nothing.
studio.on("game.created", (event) => onCreated(event).catch(() => {}));
studio.on("connected", () => load().catch((failure) => say(words.refusal(failure))));
