// A call of the assistant.

import { Parser } from "../client/devfest-studio.js";
import { authorization, refusal, root } from "./api.js";
import { words } from "./words.js";

/**
 * Asks for a text and delivers it piece by piece.
 *
 * @param {string} prompt
 * @param {AbortSignal} signal
 * @param {(piece: string) => void} onPiece
 * @returns {Promise<string>} the engine that wrote the text; rejects with the reason if none did
 */
export async function ask(prompt, signal, onPiece) {
  const response = await fetch(root("api/v1/assistant/stream"), {
    method: "POST",
    headers: {
      Accept: "text/event-stream",
      "Content-Type": "application/json",
      ...authorization(),
    },
    body: JSON.stringify({ prompt, format: "json" }),
    signal,
  });
  if (!response.ok || !response.body)
    throw refusal(response.status, await response.json().catch(() => null));
  const parser = new Parser();
  const bytes = /** @type {ReadableStream<BufferSource>} */ (response.body);
  const reader = bytes.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(words.interrupted);
    for (const { name, data } of parser.push(value)) {
      if (name === "token") onPiece(JSON.parse(data).token);
      if (name === "failed") throw new Error(JSON.parse(data).reason);
      if (name === "complete") return JSON.parse(data).engine;
    }
  }
}
