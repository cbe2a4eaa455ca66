// Splits the text of a text/event-stream response into frames (HTML Standard, section 9.2.6).
//
// Contract: text may be split anywhere, also inside a line. Comments and unknown fields are
// ignored; a frame without data is dropped. Each stream needs its own parser.

/**
 * A frame of a stream. `id` is the frame's own id, null if it has none; `name` is "message" if the
 * frame has no name.
 *
 * @typedef {{ id: string | null, name: string, data: string }} Frame
 */

export class Parser {
  #rest = "";
  /** @type {string | null} */
  #id = null;
  #name = "";
  /** @type {string[]} */
  #data = [];

  /**
   * The newest id in the stream, also of frames without data.
   *
   * @type {string | null}
   */
  lastId = null;

  /**
   * Takes the next piece of text and returns the frames that it completes.
   *
   * @param {string} text
   * @returns {Frame[]}
   */
  push(text) {
    /** @type {Frame[]} */
    const frames = [];
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line.endsWith("\r") ? line.slice(0, -1) : line, frames);
    return frames;
  }

  /**
   * @param {string} line
   * @param {Frame[]} frames
   */
  #line(line, frames) {
    if (line === "") {
      if (this.#data.length > 0) {
        frames.push({ id: this.#id, name: this.#name || "message", data: this.#data.join("\n") });
      }
      this.#id = null;
      this.#name = "";
      this.#data = [];
      return;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") this.#data.push(value);
    else if (field === "event") this.#name = value;
    else if (field === "id" && !value.includes("\0")) this.#id = this.lastId = value;
  }
}
