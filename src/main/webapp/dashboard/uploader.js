// The upload form: select, drop, paste or take photos, select a style, send. Each photo has its own
// progress and, if it is refused, its own reason. Its line then leads to the finished picture.
//
// Contract: an upload that fails because of the network is repeated with the same idempotency key, so
// nothing is uploaded twice. Waiting photos are in memory until the page is left.

import { call, freshKey, here, upload, uploadArchive } from "./api.js";
import { byId, element } from "./dom.js";
import { isUnreadable, shrink } from "./shrink.js";
import { words } from "./words.js";

/** @import { Connection } from "../client/devfest-studio.js" */
/** @import { Refusal } from "./api.js" */
/** @import { Transformation } from "./wall.js" */

/** @typedef {{ styleId: string, name: string, category: string, description: string, previewUrl: string }} Style */

/**
 * A photo that the user has selected; `unreadable` resolves to whether it is a HEIC or AVIF file that
 * the browser cannot convert.
 *
 * @typedef {{ file: File, item: HTMLElement, picture: HTMLImageElement, unreadable: Promise<boolean> }} Selection
 */

/**
 * The line of the list that shows how an upload proceeds.
 *
 * @typedef {{ name: string, line: HTMLLIElement, text: HTMLSpanElement, bar: HTMLProgressElement }} Row
 */

/**
 * The upload of a photo and its transformation. `key` is the idempotency key of both; `smaller`
 * resolves to the file to send, and `photoId` is null until it is stored.
 *
 * @typedef {object} Job
 * @property {File} file
 * @property {boolean} original
 * @property {Promise<boolean>} unreadable
 * @property {Promise<File> | null} smaller
 * @property {string} styleId
 * @property {string} visibility
 * @property {string} key
 * @property {string | null} photoId
 * @property {Row} row
 */

const AT_ONCE = 2;
const KEPT = 12;
const ORIGINAL = "studio.original";
/** Statuses that stay the same when the request is repeated. */
const PERMANENT = [400, 403, 404, 409, 413, 415, 422];
/** Statuses of a network, or of a studio, that is not there at the moment. */
const UNREACHABLE = [0, 502, 503, 504];
/** Failures in a row after which the user decides, unless the device itself is offline. */
const ATTEMPTS = 10;
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 60_000;

export class Uploader {
  #styles;
  #studio;
  #form = byId("upload", HTMLFormElement);
  #files = byId("files", HTMLInputElement);
  #original = byId("original", HTMLInputElement);
  /** @type {Selection[]} */
  #selected = [];
  #illustrated = false;
  /** @type {Job[]} */
  #queue = [];
  #active = 0;
  /** @type {Map<string, Row>} the rows of the transformations of this page, by id */
  #rows = new Map();
  #find;
  #onOpen;

  /**
   * @param {Style[]} styles
   * @param {() => Connection} studio returns the page's connection
   * @param {(transformationId: string) => Transformation | undefined} find returns what the page
   *     knows about a transformation
   * @param {(picture: Transformation) => void} onOpen
   */
  constructor(styles, studio, find, onOpen) {
    this.#styles = styles;
    this.#studio = studio;
    this.#find = find;
    this.#onOpen = onOpen;
    this.#original.checked = localStorage.getItem(ORIGINAL) === "true";
    this.#original.addEventListener("change", () =>
      localStorage.setItem(ORIGINAL, String(this.#original.checked)),
    );
    this.#offerStyles();
    this.#describeSelection();
    this.#files.addEventListener("change", () => this.add(this.#files.files ?? []));
    for (const type of /** @type {const} */ (["dragover", "dragleave", "drop"])) {
      // On the whole page: the browser would open a photo that is dropped beside the form.
      document.addEventListener(type, (event) => this.#onDrag(event));
    }
    document.addEventListener("paste", ({ clipboardData }) => {
      if (clipboardData && clipboardData.files.length > 0) this.add(clipboardData.files);
    });
    byId("category").addEventListener("change", () => this.#offerStyles());
    byId("styles").addEventListener("change", () => this.#describeStyle());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    for (const type of /** @type {const} */ (["online", "offline"]))
      addEventListener(type, () => this.#queue.forEach(({ row }) => showQueued(row)));
    addEventListener("beforeunload", (event) => {
      if (this.#active > 0) event.preventDefault();
    });
    this.#form.hidden = false;
    byId("skip-to-upload").hidden = false;
  }

  /**
   * Adds photos to the selection, and sends archives at once.
   *
   * @param {Iterable<File>} files
   */
  add(files) {
    for (const file of files) {
      if (file.size > 0 && isArchive(file)) this.#sendArchive(file);
      else if (file.size > 0) this.#select(file);
      else refuse(addRow(file), `${file.name}: ${words.emptyFile}`);
    }
    this.#files.value = "";
    this.#describeSelection();
  }

  /** Loads the previews of the styles; the pictures of the wall are loaded before. */
  illustrate() {
    this.#illustrated = true;
    for (const picture of byId("styles").querySelectorAll("img"))
      picture.src ||= picture.dataset.src ?? "";
  }

  /** @param {DragEvent} event */
  #onDrag(event) {
    const { dataTransfer, type, relatedTarget } = event;
    if (!dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    const over = type === "dragover" || (type === "dragleave" && relatedTarget !== null);
    byId("drop").classList.toggle("over", over);
    if (type === "drop") this.add(dataTransfer.files);
  }

  #offerStyles() {
    const category = byId("category", HTMLSelectElement).value;
    const offered = this.#styles.filter((style) => !category || style.category === category);
    byId("styles").replaceChildren(
      ...offered.map(({ styleId, name, previewUrl }, i) =>
        element(
          "label",
          {},
          element("input", { type: "radio", name: "style", value: styleId, checked: i === 0 }),
          element("img", { alt: "", loading: "lazy", dataset: { src: here(previewUrl) } }),
          element("span", { textContent: name }),
        ),
      ),
    );
    if (this.#illustrated) this.illustrate();
    this.#describeStyle();
  }

  #selectedStyle() {
    return String(new FormData(this.#form).get("style"));
  }

  #describeStyle() {
    const id = this.#selectedStyle();
    const style = this.#styles.find(({ styleId }) => styleId === id);
    byId("style-description").textContent = style?.description ?? "";
  }

  /** @param {File} file */
  #select(file) {
    const picture = element("img", { src: URL.createObjectURL(file), alt: file.name });
    const onclick = () => {
      this.#deselect([selection]);
      this.#files.focus();
    };
    const remove = element("button", {
      type: "button",
      textContent: "×",
      "aria-label": words.removePhoto(file.name),
      onclick,
    });
    const item = element("li", {}, picture, remove);
    /** @type {Selection} */
    const selection = { file, item, picture, unreadable: isUnreadable(file) };
    byId("chosen").append(item);
    this.#selected.push(selection);
    selection.unreadable.then((unreadable) => {
      if (!unreadable || !this.#selected.includes(selection)) return;
      this.#deselect([selection]);
      refuse(addRow(file), `${file.name}: ${words.refusal({ code: "heif" })}`);
    });
  }

  /** @param {Selection[]} selections */
  #deselect(selections) {
    for (const { item, picture } of selections) {
      URL.revokeObjectURL(picture.src);
      item.remove();
    }
    this.#selected = this.#selected.filter((selection) => !selections.includes(selection));
    this.#describeSelection();
  }

  #describeSelection() {
    const count = this.#selected.length;
    byId("drop-hint").textContent = count > 0 ? words.selected(count) : words.drop;
    byId("send", HTMLButtonElement).disabled = count === 0;
  }

  #send() {
    const styleId = this.#selectedStyle();
    const visibility = selectedVisibility();
    const original = this.#original.checked;
    for (const { file, unreadable } of this.#selected) {
      const row = addRow(file);
      const state = {
        original,
        smaller: null,
        styleId,
        visibility,
        key: freshKey(),
        photoId: null,
      };
      this.#enqueue({ file, unreadable, row, ...state });
    }
    this.#deselect(this.#selected);
  }

  /** @param {Job} job */
  #enqueue(job) {
    showQueued(job.row);
    this.#queue.push(job);
    if (this.#active < AT_ONCE) this.#work();
  }

  /** Uploads photos until the queue is empty. */
  async #work() {
    this.#active++;
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) await this.#run(next);
    this.#active--;
  }

  /**
   * Uploads the photo, unless it is stored, and requests its transformation.
   *
   * @param {Job} job
   */
  async #run(job) {
    const { file, row } = job;
    try {
      if (await job.unreadable) throw Object.assign(new Error(), { status: 415, code: "heif" });
      job.smaller ??= shrink(file, job.original);
      const smaller = await job.smaller;
      const { transformationId } = await persist(row, () => send(job, smaller));
      row.text.textContent = words.sent(file.name);
      row.line.classList.add("sent");
      row.line.dataset.photo = String(job.photoId);
      row.bar.remove();
      this.#rows.set(transformationId, row);
      const known = this.#find(transformationId);
      if (known) this.take(known);
    } catch (failure) {
      const reason = words.refusal(failure);
      refuse(row, job.photoId ? words.photoKept(file.name, reason) : `${file.name}: ${reason}`);
      const { status } = /** @type {Refusal} */ (failure);
      if (!PERMANENT.includes(status)) row.line.append(this.#retryButton(job));
    }
  }

  /** @param {Job} job */
  #retryButton(job) {
    const onclick = () => {
      const row = addRow(job.file);
      job.row.line.replaceWith(row.line);
      job.row = row;
      this.#enqueue(job);
    };
    return quietButton(words.retry, onclick);
  }

  /**
   * Shows in the list of uploads that a transformation has ended, if it is one of this page.
   *
   * @param {Transformation} picture
   */
  take(picture) {
    const row = this.#rows.get(picture.transformationId);
    if (!row) return;
    if (picture.status === "completed") {
      this.#rows.delete(picture.transformationId);
      row.line.className = "sent";
      row.text.textContent = row.name;
      row.line.append(quietButton(words.seeIt, () => this.#onOpen(picture)));
    } else if (picture.status === "failed" || picture.status === "cancelled") {
      // It stays known, because a retry may still complete it.
      row.line.className = "refusal";
      row.text.textContent = `${row.name}: ${words.about["transformation.failed"]}`;
    }
  }

  /** @param {string} photoId */
  removePhoto(photoId) {
    for (const line of [...byId("uploads").children])
      if (/** @type {HTMLElement} */ (line).dataset.photo === photoId) line.remove();
  }

  /**
   * Uploads an archive and follows the task that imports its photos.
   *
   * @param {File} file
   */
  async #sendArchive(file) {
    const row = addRow(file);
    const { line, text, bar } = row;
    const visibility = selectedVisibility();
    const archive = { file, visibility, key: freshKey() };
    let channel = null;
    try {
      const { taskId } = await persist(row, () =>
        uploadArchive(archive, (part) => showProgress(row, part / 2)),
      );
      text.textContent = words.archiveSent(file.name);
      channel = `tasks/${taskId}`;
      await this.#endOf(channel, (percent) => {
        bar.value = 0.5 + percent / 200;
      });
      const { status, error, photos, refused } = await call(`/tasks/${taskId}`);
      if (status === "error")
        throw Object.assign(new Error(error), { status: 422, code: "bad_archive" });
      /** @type {{ name: string, reason: string }[]} */
      const rejected = refused;
      const reasons = rejected.map(({ name, reason }) => `${name} (${reason})`);
      text.textContent = words.archiveDone(file.name, photos.length, reasons);
      line.classList.add(reasons.length > 0 ? "refusal" : "sent");
      bar.remove();
    } catch (failure) {
      const { code, message } = /** @type {Refusal} */ (failure);
      refuse(row, `${file.name}: ${code === "bad_archive" ? message : words.refusal(failure)}`);
    } finally {
      if (channel)
        this.#studio()
          .leave(channel)
          .catch(() => {}); // the task has ended
    }
  }

  /**
   * Resolves when a task has ended.
   *
   * @param {string} channel
   * @param {(percent: number) => void} onProgress
   * @returns {Promise<void>}
   */
  #endOf(channel, onProgress) {
    return new Promise((resolve, reject) => {
      /** @param {import("../client/devfest-studio.js").ChannelFrame<any>} frame */
      const onFrame = ({ data }) => {
        onProgress(data.progress);
        if (data.status !== "completed" && data.status !== "error") return;
        stop();
        resolve();
      };
      const stop = this.#studio().onChannel(channel, onFrame);
      this.#studio().follow(channel).catch(reject);
    });
  }
}

/**
 * Uploads the photo, unless it is stored, and requests its transformation. May be repeated: nothing
 * is done twice.
 *
 * @param {Job} job
 * @param {File} file the photo, or a smaller copy
 * @returns {Promise<{ transformationId: string }>}
 */
async function send(job, file) {
  const { styleId, visibility, key, row } = job;
  if (job.photoId === null) {
    const stored = await upload({ file, visibility, key }, (part) => showProgress(row, part));
    Object.assign(job, { photoId: stored.photoId });
  }
  return call("/transformations", {
    method: "POST",
    key,
    body: { photoId: job.photoId, styleId },
  });
}

/**
 * Repeats an action until the network and the studio are there. Rejects if the studio refuses it, or
 * after too many failures while the device is online.
 *
 * @template T
 * @param {Row} row shows that the action waits
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
async function persist(row, action) {
  for (let failures = 1; ; failures++) {
    try {
      return await action();
    } catch (failure) {
      const { status } = /** @type {Refusal} */ (failure);
      const abandons = failures >= ATTEMPTS && navigator.onLine;
      if (!UNREACHABLE.includes(status) || abandons) throw failure;
      showWaiting(row, words.refusal(failure));
    }
    if (await pause(failures)) failures = 0;
  }
}

/**
 * Waits longer after each failure, but no longer than until the network returns.
 *
 * @param {number} failures in a row
 * @returns {Promise<boolean>} whether the network has returned
 */
function pause(failures) {
  const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (failures - 1));
  return new Promise((resolve) => {
    /** @param {boolean} returned */
    const end = (returned) => {
      clearTimeout(timer);
      removeEventListener("online", onOnline);
      resolve(returned);
    };
    const onOnline = () => end(true);
    const timer = setTimeout(() => end(false), longest * (1 - Math.random() / 2));
    addEventListener("online", onOnline);
  });
}

/** @param {Row} row of an upload that has not begun */
function showQueued(row) {
  if (navigator.onLine) setRowText(row, row.name);
  else showWaiting(row, words.noNetwork);
}

/**
 * @param {Row} row
 * @param {string} reason
 */
function showWaiting(row, reason) {
  setRowText(row, words.waitingToSend(row.name, navigator.onLine ? reason : words.noNetwork));
}

/**
 * @param {Row} row
 * @param {number} part 0 to 1
 */
function showProgress(row, part) {
  setRowText(row, row.name);
  row.bar.value = part;
}

/**
 * Sets the text of a row, if it differs: screen readers announce each change.
 *
 * @param {Row} row
 * @param {string} value
 */
function setRowText({ text }, value) {
  if (text.textContent !== value) text.textContent = value;
}

/**
 * @param {string} textContent
 * @param {() => void} onclick
 */
function quietButton(textContent, onclick) {
  return element("button", { type: "button", className: "quiet", textContent, onclick });
}

/**
 * @param {Row} row
 * @param {string} reason
 */
function refuse({ line, text, bar }, reason) {
  text.textContent = reason;
  line.classList.add("refusal");
  bar.remove();
}

/**
 * @param {File} file
 * @returns {Row}
 */
function addRow(file) {
  const text = element("span", { textContent: file.name });
  const bar = element("progress", { max: 1, value: 0, "aria-label": file.name });
  const line = element("li", {}, text, bar);
  const list = byId("uploads");
  list.prepend(line);
  for (const old of [...list.children].slice(KEPT)) {
    if (!old.querySelector("progress, .refusal button")) old.remove();
  }
  return { name: file.name, line, text, bar };
}

function selectedVisibility() {
  return byId("public", HTMLInputElement).checked ? "public" : "private";
}

/**
 * Whether a file is an archive. The name counts too, because systems name the type differently.
 *
 * @param {File} file
 */
function isArchive({ name, type }) {
  return (
    type === "application/zip" || type === "application/x-zip-compressed" || /\.zip$/i.test(name)
  );
}
