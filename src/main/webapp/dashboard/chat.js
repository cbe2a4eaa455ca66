// A room: what was said last, what is being said, and who comes and goes. Text only, shown as text.

import { connect } from "../client/devfest-studio.js";
import { call, token } from "./api.js";
import { isAdmin, prepare, tellState } from "./page.js";
import { language, words } from "./words.js";

const element = (id) => document.getElementById(id);
const MOST = 500;
const NEAR_THE_END = 40;
const LOBBY = "lobby";
const clock = new Intl.DateTimeFormat(language, { timeStyle: "short" });
const room = new URLSearchParams(location.search).get("room") || LOBBY;
const channel = room === LOBBY ? "chat" : `chat/${room}`;

function hear({ event, data, id, timestamp }) {
  if (event === "recent") {
    // What is shown already stays: the list may be shorter than that.
    for (const message of data.messages) said(message);
  } else if (event === "message") {
    said({ ...data, id, timestamp });
  } else if (event === "erased") {
    find(data.id)?.remove();
  } else if (event === "user-joined") {
    add(note(words.joined(data.user)));
  } else if (event === "user-left") {
    add(note(words.left(data.user)));
  }
}

const find = (id) => element("said").querySelector(`[data-message="${CSS.escape(id)}"]`);

function said({ id, user, text, timestamp }) {
  if (find(id)) return;
  const item = document.createElement("li");
  item.dataset.message = id;
  const time = document.createElement("time");
  const at = timestamp ? new Date(timestamp) : new Date();
  time.dateTime = at.toISOString();
  time.textContent = clock.format(at);
  const who = document.createElement("b");
  who.textContent = user;
  const what = document.createElement("span");
  what.textContent = text;
  item.append(time, who, what);
  if (isAdmin()) item.append(eraser(id, user));
  add(item);
}

function eraser(id, user) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "quiet", textContent: "×" });
  button.setAttribute("aria-label", words.erase(user));
  button.addEventListener("click", () => attempt(() => call(`/chat/messages/${id}?${new URLSearchParams({ room })}`, { method: "DELETE" })));
  return button;
}

function note(text) {
  const item = document.createElement("li");
  item.className = "soft";
  item.textContent = text;
  return item;
}

/** Who reads further up is not taken away from there. */
function add(item) {
  const list = element("said");
  const log = list.parentElement;
  const follows = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_THE_END;
  list.append(item);
  while (list.children.length > MOST) list.firstElementChild.remove();
  if (follows) log.scrollTop = log.scrollHeight;
}

async function attempt(action) {
  element("chat-message").textContent = "";
  try {
    await action();
  } catch (failure) {
    element("chat-message").textContent = words.refusal(failure);
  }
}

function speak(event) {
  event.preventDefault();
  const text = element("text").value;
  attempt(async () => {
    await call("/chat/messages", { method: "POST", body: { text, room } });
    element("text").value = "";
  });
}

prepare();
element("room").value = room;
element("enter").addEventListener("submit", (event) => {
  event.preventDefault();
  location.search = new URLSearchParams({ room: element("room").value || LOBBY });
});
element("speak").hidden = !token();
element("speak").addEventListener("submit", speak);
const studio = connect({ token, channels: [channel] });
studio.onState(tellState);
studio.onChannel(channel, hear);
