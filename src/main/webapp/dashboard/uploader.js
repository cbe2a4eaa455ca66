// The upload form: select, drop, paste or take photos, select a style, send. Each photo has its own
// progress and, if it is refused, its own reason.

import { call, freshKey, here, upload, uploadArchive } from "./api.js";
import { byId, element } from "./dom.js";
import { words } from "./words.js";

/** @import { Connection } from "../client/devfest-studio.js" */

/** @typedef {{ styleId: string, name: string, category: string, description: string, previewUrl: string }} Style */

/**
 * A photo that the user has selected; `heif` resolves to whether it is a HEIC or AVIF file.
 *
 * @typedef {{ file: File, item: HTMLElement, picture: HTMLImageElement, heif: Promise<boolean> }} Selection
 */

/**
 * The line of the list that shows how an upload proceeds.
 *
 * @typedef {{ line: HTMLLIElement, text: HTMLSpanElement, bar: HTMLProgressElement }} Row
 */

/**
 * The upload of a photo and its transformation. `key` is the idempotency key of both; `photoId` is
 * null until the photo is stored.
 *
 * @typedef {object} Job
 * @property {File} file
 * @property {Promise<boolean>} heif
 * @property {string} styleId
 * @property {string} visibility
 * @property {string} key
 * @property {string | null} photoId
 * @property {Row} row
 */

const AT_ONCE = 2;
const KEPT = 12;
/** Statuses that stay the same when the request is repeated. */
const PERMANENT = [400, 403, 404, 409, 413, 415, 422];
/** The brands in HEIC and AVIF files; the studio refuses the same ones (ImageFormat). */
const HEIF = [
  "heic",
  "heix",
  "heim",
  "heis",
  "hevc",
  "hevx",
  "hevm",
  "hevs",
  "mif1",
  "mif2",
  "msf1",
  "miaf",
];
const AVIF = ["avif", "avis", "avio"];

export class Uploader {
  #styles;
  #studio;
  #form = byId("upload", HTMLFormElement);
  #files = byId("files", HTMLInputElement);
  /** @type {Selection[]} */
  #selected = [];
  #illustrated = false;

  /**
   * @param {Style[]} styles
   * @param {() => Connection} studio returns the page's connection
   */
  constructor(styles, studio) {
    this.#styles = styles;
    this.#studio = studio;
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
    const selection = { file, item, picture, heif: isHeif(file) };
    byId("chosen").append(item);
    this.#selected.push(selection);
    selection.heif.then((heif) => {
      if (!heif || !this.#selected.includes(selection)) return;
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

  async #send() {
    const styleId = this.#selectedStyle();
    const visibility = selectedVisibility();
    /** @type {Job[]} */
    const jobs = this.#selected.map(({ file, heif }) => {
      return { file, heif, styleId, visibility, key: freshKey(), photoId: null, row: addRow(file) };
    });
    this.#deselect(this.#selected);
    const work = async () => {
      for (let next = jobs.shift(); next; next = jobs.shift()) await run(next);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
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
    let channel = null;
    try {
      const { taskId } = await uploadArchive({ file, visibility }, (part) => {
        bar.value = part / 2;
      });
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
      const { code, message } = /** @type {import("./api.js").Refusal} */ (failure);
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
 */
async function run(job) {
  const { file, styleId, key, row } = job;
  try {
    if (await job.heif) throw Object.assign(new Error(), { status: 415, code: "heif" });
    if (job.photoId === null) {
      const stored = await upload(job, (part) => {
        row.bar.value = part;
      });
      Object.assign(job, { photoId: stored.photoId });
    }
    await call("/transformations", {
      method: "POST",
      key,
      body: { photoId: job.photoId, styleId },
    });
    row.text.textContent = words.sent(file.name);
    row.line.classList.add("sent");
    row.bar.remove();
  } catch (failure) {
    const reason = words.refusal(failure);
    refuse(row, job.photoId ? words.photoKept(file.name, reason) : `${file.name}: ${reason}`);
    const { status } = /** @type {import("./api.js").Refusal} */ (failure);
    if (!PERMANENT.includes(status)) row.line.append(retryButton(job));
  }
}

/** @param {Job} job */
function retryButton(job) {
  const onclick = () => {
    const row = addRow(job.file);
    job.row.line.replaceWith(row.line);
    job.row = row;
    run(job);
  };
  return element("button", {
    type: "button",
    className: "quiet",
    textContent: words.retry,
    onclick,
  });
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
    if (!old.querySelector("progress, button")) old.remove();
  }
  return { line, text, bar };
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

/**
 * Whether a file is HEIC or AVIF, by its content: the extension may be wrong.
 *
 * @param {File} file
 */
async function isHeif(file) {
  const head = await file
    .slice(0, 64)
    .arrayBuffer()
    .catch(() => new ArrayBuffer(0));
  if (head.byteLength < 12) return false;
  const length = Math.max(12, Math.min(new DataView(head).getUint32(0), head.byteLength));
  const text = new TextDecoder("latin1").decode(head);
  const brands = text.slice(16, length).match(/[^]{4}/g) ?? [];
  return (
    text.slice(4, 8) === "ftyp" &&
    [text.slice(8, 12), ...brands].some((name) => [...HEIF, ...AVIF].includes(name))
  );
}
