// Asks the assistant, and hands over its answer piece by piece.

import { Parser } from "/client/devfest-studio.js";
import { token } from "./api.js";

/** Yields the tokens of the answer; fails with its reason. */
export async function* ask(prompt, signal) {
  const query = new URLSearchParams({ prompt, format: "json" });
  const response = await fetch(`/api/v1/assistant/stream?${query}`, {
    headers: { Accept: "text/event-stream", Authorization: `Bearer ${token()}` },
    cache: "no-store",
    signal,
  });
  if (!response.ok) throw Object.assign(new Error(`status ${response.status}`), { status: response.status });
  const parser = new Parser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    for (const { name, data } of parser.push(value)) {
      if (name === "token") yield JSON.parse(data).token;
      if (name === "failed") throw new Error(JSON.parse(data).reason);
      if (name === "complete") return;
    }
  }
}
