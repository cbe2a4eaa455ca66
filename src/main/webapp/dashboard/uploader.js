// The upload box: choose, drop, paste or take photos, pick a style, send. Each photo has its own
// progress and, when it is refused, its own reason.

import { call, freshKey, here, upload, uploadArchive } from "./api.js";
import { words } from "./words.js";

const element = (id) => document.getElementById(id);
const AT_ONCE = 2;
const KEPT = 12;
/** What is refused for good: to send the same again is no use. */
const FOR_GOOD = [400, 403, 404, 409, 413, 415, 422];
/** What HEIC and AVIF files call themselves; the studio refuses the same (ImageFormat). */
const HEIF = ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "mif2", "msf1", "miaf"];
const AVIF = ["avif", "avis", "avio"];

export class Uploader {
  #chosen = [];
  #styles;
  #studio;
  #illustrated = false;

  /** @param studio gives the page's connection */
  constructor(styles, studio) {
    this.#styles = styles;
    this.#studio = studio;
    this.#offer();
    this.#describeChosen();
    element("files").addEventListener("change", (event) => this.add(event.target.files));
    for (const type of ["dragover", "dragleave", "drop"]) {
      // Everywhere: a photo that misses the box would take the place of the page.
      document.addEventListener(type, (event) => this.#drag(event));
    }
    document.addEventListener("paste", (event) => {
      if (event.clipboardData.files.length > 0) this.add(event.clipboardData.files);
    });
    element("category").addEventListener("change", () => this.#offer());
    element("styles").addEventListener("change", () => this.#describe());
    element("upload").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    element("upload").hidden = false;
    element("skip-to-upload").hidden = false;
  }

  /** Takes files to those that will be sent. */
  add(files) {
    for (const file of files) {
      if (file.size > 0 && isArchive(file)) this.#unpack(file);
      else if (file.size > 0) this.#choose(file);
      else this.#refuse(this.#row(file), `${file.name}: ${words.emptyFile}`);
    }
    element("files").value = "";
    this.#describeChosen();
  }

  /** Shows what the styles look like; the wall's pictures go first. */
  illustrate() {
    this.#illustrated = true;
    for (const picture of element("styles").querySelectorAll("img:not([src])")) picture.src = picture.dataset.src;
  }

  #drag(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    const over = event.type === "dragover" || (event.type === "dragleave" && event.relatedTarget !== null);
    element("drop").classList.toggle("over", over);
    if (event.type === "drop") this.add(event.dataTransfer.files);
  }

  #offer() {
    const category = element("category").value;
    const styles = this.#styles.filter((style) => !category || style.category === category);
    element("styles").replaceChildren(
      ...styles.map((style, i) => {
        const label = document.createElement("label");
        const input = document.createElement("input");
        Object.assign(input, { type: "radio", name: "style", value: style.styleId, checked: i === 0 });
        const picture = document.createElement("img");
        picture.dataset.src = here(style.previewUrl);
        picture.alt = "";
        picture.loading = "lazy";
        const name = document.createElement("span");
        name.textContent = style.name;
        label.append(input, picture, name);
        return label;
      }),
    );
    if (this.#illustrated) this.illustrate();
    this.#describe();
  }

  #describe() {
    const id = new FormData(element("upload")).get("style");
    element("style-description").textContent = this.#styles.find((style) => style.styleId === id)?.description ?? "";
  }

  #choose(file) {
    const item = document.createElement("li");
    const picture = Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: file.name });
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
    button.setAttribute("aria-label", words.takeOut(file.name));
    const choice = { file, item, picture, heif: isHeif(file) };
    button.addEventListener("click", () => {
      this.#release([choice]);
      element("files").focus();
    });
    item.append(picture, button);
    element("chosen").append(item);
    this.#chosen.push(choice);
    choice.heif.then((heif) => {
      if (!heif || !this.#chosen.includes(choice)) return;
      this.#release([choice]);
      this.#refuse(this.#row(file), `${file.name}: ${words.refusal({ code: "heif" })}`);
    });
  }

  /** These are chosen no more. */
  #release(choices) {
    for (const { item, picture } of choices) {
      URL.revokeObjectURL(picture.src);
      item.remove();
    }
    this.#chosen = this.#chosen.filter((choice) => !choices.includes(choice));
    this.#describeChosen();
  }

  #describeChosen() {
    const count = this.#chosen.length;
    element("drop-hint").textContent = count > 0 ? words.chosen(count) : words.drop;
    element("send").disabled = count === 0;
  }

  async #send() {
    const styleId = new FormData(element("upload")).get("style");
    const visibility = element("public").checked ? "public" : "private";
    const jobs = this.#chosen.map(({ file, heif }) => {
      return { file, heif, styleId, visibility, key: freshKey(), photoId: null, row: this.#row(file) };
    });
    this.#release(this.#chosen);
    const work = async () => {
      for (let next = jobs.shift(); next; next = jobs.shift()) await this.#run(next);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  /** Uploads the photo, unless that is done, and has it transformed. Asked again, nothing is done twice. */
  async #run(job) {
    const { file, styleId, key, row } = job;
    const bar = row.querySelector("progress");
    try {
      if (await job.heif) throw Object.assign(new Error(), { status: 415, code: "heif" });
      job.photoId ??= (await upload(job, (part) => (bar.value = part))).photoId;
      await call("/transformations", { method: "POST", key, body: { photoId: job.photoId, styleId } });
      row.querySelector("span").textContent = words.sent(file.name);
      row.classList.add("sent");
      bar.remove();
    } catch (failure) {
      const reason = words.refusal(failure);
      this.#refuse(row, job.photoId ? words.photoKept(file.name, reason) : `${file.name}: ${reason}`);
      if (!FOR_GOOD.includes(failure.status)) row.append(this.#again(job));
    }
  }

  /** Has an archive taken in, and follows that; whoever was cut off asks how it ended. */
  async #unpack(file) {
    const row = this.#row(file);
    const bar = row.querySelector("progress");
    const visibility = element("public").checked ? "public" : "private";
    let channel = null;
    try {
      const { taskId } = await uploadArchive({ file, visibility }, (part) => (bar.value = part / 2));
      row.querySelector("span").textContent = words.archiveSent(file.name);
      channel = `tasks/${taskId}`;
      await this.#end(channel, (percent) => (bar.value = 0.5 + percent / 200));
      const { status, error, photos, refused } = await call(`/tasks/${taskId}`);
      if (status === "error") throw Object.assign(new Error(error), { status: 422, code: "bad_archive" });
      const bad = refused.map(({ name, reason }) => `${name} (${reason})`);
      row.querySelector("span").textContent = words.archiveDone(file.name, photos.length, bad);
      row.classList.add(bad.length > 0 ? "refusal" : "sent");
      bar.remove();
    } catch (failure) {
      this.#refuse(row, `${file.name}: ${failure.code === "bad_archive" ? failure.message : words.refusal(failure)}`);
    } finally {
      if (channel) this.#studio().leave(channel).catch(() => {}); // nothing comes on it any more
    }
  }

  /** Resolves when the task has ended. */
  #end(channel, onProgress) {
    return new Promise((resolve, reject) => {
      const stop = this.#studio().onChannel(channel, ({ data }) => {
        onProgress(data.progress);
        if (data.status !== "completed" && data.status !== "error") return;
        stop();
        resolve();
      });
      this.#studio().follow(channel).catch(reject);
    });
  }

  #refuse(row, reason) {
    row.querySelector("span").textContent = reason;
    row.classList.add("refusal");
    row.querySelector("progress").remove();
  }

  #again(job) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "quiet", textContent: words.again });
    button.addEventListener("click", () => {
      const row = this.#row(job.file);
      job.row.replaceWith(row);
      job.row = row;
      this.#run(job);
    });
    return button;
  }

  #row(file) {
    const row = document.createElement("li");
    const text = document.createElement("span");
    text.textContent = file.name;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    row.append(text, bar);
    const list = element("uploads");
    list.prepend(row);
    for (const old of [...list.children].slice(KEPT)) {
      if (!old.querySelector("progress, button")) old.remove();
    }
    return row;
  }
}

/** By its name too, as systems call the type of archives differently. */
function isArchive({ name, type }) {
  return type === "application/zip" || type === "application/x-zip-compressed" || /\.zip$/i.test(name);
}

/** By its content: what a phone calls a JPEG may be one, and the other way round. */
async function isHeif(file) {
  const head = await file.slice(0, 64).arrayBuffer().catch(() => new ArrayBuffer(0));
  if (head.byteLength < 12) return false;
  const length = Math.max(12, Math.min(new DataView(head).getUint32(0), head.byteLength));
  const text = new TextDecoder("latin1").decode(head);
  const brands = text.slice(16, length).match(/[^]{4}/g) ?? [];
  return text.slice(4, 8) === "ftyp" && [text.slice(8, 12), ...brands].some((name) => [...HEIF, ...AVIF].includes(name));
}
