// A chat room: the latest messages, new messages, and who joins and leaves. Messages are plain
// text.

import { connect } from "../client/devfest-studio.js";
import { call } from "./api.js";
import { byId, element, timeElement } from "./dom.js";
import { pollEvent } from "./occasion.js";
import { isAdmin, prepare, showState } from "./page.js";
import { access, me } from "./session.js";
import { language, words } from "./words.js";

/** @typedef {{ id: string, user: string, displayName?: string, text: string, timestamp?: string }} Message */

const MOST = 500;
const NEAR_THE_END = 40;
const LOBBY = "lobby";
const clock = new Intl.DateTimeFormat(language, { timeStyle: "short" });
const room = new URLSearchParams(location.search).get("room") || LOBBY;
const channel = room === LOBBY ? "chat" : `chat/${room}`;

/** @param {import("../client/devfest-studio.js").ChannelFrame<any>} frame */
function onFrame({ event, data, id, timestamp }) {
  if (event === "recent") {
    // Messages in the list stay: the snapshot may be shorter than the list.
    data.messages.forEach(addMessage);
  } else if (event === "message") {
    addMessage({ ...data, id, timestamp });
  } else if (event === "erased") {
    find(data.id)?.remove();
  } else if (event === "user-joined") {
    add(note(words.joined(data.displayName ?? data.user)));
  } else if (event === "user-left") {
    add(note(words.left(data.displayName ?? data.user)));
  }
}

/** @param {string} id of a message */
function find(id) {
  return byId("said").querySelector(`[data-message="${CSS.escape(id)}"]`);
}

/** @param {Message} message */
function addMessage({ id, user, displayName = user, text, timestamp }) {
  if (find(id)) return;
  add(
    element(
      "li",
      { dataset: { message: id } },
      timeElement(timestamp ? new Date(timestamp) : new Date(), clock),
      element("b", { textContent: displayName, title: user }),
      element("span", { textContent: text }),
      isAdmin() ? deleteButton(id, displayName) : undefined,
    ),
  );
}

/**
 * @param {string} id
 * @param {string} name
 */
function deleteButton(id, name) {
  const path = `/chat/messages/${id}?${new URLSearchParams({ room })}`;
  return element("button", {
    type: "button",
    className: "quiet",
    textContent: "×",
    "aria-label": words.deleteMessage(name),
    onclick: () => attempt(() => call(path, { method: "DELETE" })),
  });
}

/** @param {string} text */
function note(text) {
  return element("li", { className: "soft", textContent: text });
}

/**
 * Appends a line. The list scrolls with it, unless the user has scrolled up.
 *
 * @param {HTMLLIElement} item
 */
function add(item) {
  const list = byId("said");
  const log = /** @type {HTMLElement} */ (list.parentElement);
  const follows = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_THE_END;
  list.append(item);
  while (list.children.length > MOST) list.firstElementChild?.remove();
  if (follows) log.scrollTop = log.scrollHeight;
}

/** @param {() => Promise<void>} action */
async function attempt(action) {
  const message = byId("chat-message");
  message.textContent = "";
  try {
    await action();
  } catch (failure) {
    message.textContent = words.refusal(failure);
  }
}

async function send() {
  const field = byId("text", HTMLInputElement);
  await call("/chat/messages", { method: "POST", body: { text: field.value, room } });
  field.value = "";
}

await prepare();
const roomField = byId("room", HTMLInputElement);
roomField.value = room;
byId("enter").addEventListener("submit", (event) => {
  event.preventDefault();
  location.search = String(new URLSearchParams({ room: roomField.value || LOBBY }));
});
byId("speak").hidden = !me();
byId("speak").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(send);
});
const studio = connect({ ...access(), channels: [channel] });
studio.onState(showState);
pollEvent();
studio.onChannel(channel, onFrame);
