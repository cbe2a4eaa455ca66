// Asks the assistant.

import { Parser } from "../client/devfest-studio.js";
import { refusal, token, root } from "./api.js";
import { words } from "./words.js";

/**
 * Hands over each piece of the answer as it comes.
 *
 * @returns which engine has answered; fails with the reason when none has
 */
export async function ask(prompt, signal, heard) {
  const response = await fetch(root("api/v1/assistant/stream"), {
    method: "POST",
    headers: {
      Accept: "text/event-stream",
      Authorization: `Bearer ${token()}`,
      "Content-Type": "application/json",
    },
    body: JSON.stringify({ prompt, format: "json" }),
    signal,
  });
  if (!response.ok) throw refusal(response.status, await response.json().catch(() => null));
  const parser = new Parser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(words.brokenOff);
    for (const { name, data } of parser.push(value)) {
      if (name === "token") heard(JSON.parse(data).token);
      if (name === "failed") throw new Error(JSON.parse(data).reason);
      if (name === "complete") return JSON.parse(data).engine;
    }
  }
}
