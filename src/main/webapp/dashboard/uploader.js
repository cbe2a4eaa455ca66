// The upload box: choose, drop, paste or take photos, pick a style, send. Each photo has its own
// progress and, when it is refused, its own reason.

import { call, here, upload } from "./api.js";
import { words } from "./words.js";

const element = (id) => document.getElementById(id);
const AT_ONCE = 2;
const KEPT = 12;

export class Uploader {
  #files = [];
  #styles;

  constructor(styles) {
    this.#styles = styles;
    this.#offer();
    const drop = element("drop");
    element("files").addEventListener("change", (event) => this.add(event.target.files));
    for (const type of ["dragover", "dragleave", "drop"]) {
      drop.addEventListener(type, (event) => {
        event.preventDefault();
        drop.classList.toggle("over", type === "dragover");
        if (type === "drop") this.add(event.dataTransfer.files);
      });
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
  }

  /** Takes files to those that will be sent. */
  add(files) {
    this.#files.push(...files);
    element("files").value = "";
    this.#preview();
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
        picture.src = here(style.previewUrl);
        picture.alt = "";
        picture.loading = "lazy";
        const name = document.createElement("span");
        name.textContent = style.name;
        label.append(input, picture, name);
        return label;
      }),
    );
    this.#describe();
  }

  #describe() {
    const id = new FormData(element("upload")).get("style");
    element("style-description").textContent = this.#styles.find((style) => style.styleId === id)?.description ?? "";
  }

  #preview() {
    const preview = element("chosen");
    if (preview.src) URL.revokeObjectURL(preview.src);
    preview.removeAttribute("src");
    const some = this.#files.length > 0;
    preview.hidden = !some;
    if (some) preview.src = URL.createObjectURL(this.#files.at(-1));
    element("drop-hint").textContent = some ? words.chosen(this.#files.length) : words.drop;
    element("send").disabled = !some;
  }

  async #send() {
    const styleId = new FormData(element("upload")).get("style");
    const visibility = element("public").checked ? "public" : "private";
    const waiting = this.#files.map((file) => ({ file, row: this.#row(file) }));
    this.#files = [];
    this.#preview();
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await this.#one(next, styleId, visibility);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  async #one({ file, row }, styleId, visibility) {
    const bar = row.querySelector("progress");
    const text = row.querySelector("span");
    try {
      const photo = await upload(file, visibility, (part) => (bar.value = part));
      await call("/transformations", { method: "POST", body: { photoId: photo.photoId, styleId } });
      text.textContent = words.sent(file.name);
      row.classList.add("sent");
    } catch (failure) {
      text.textContent = `${file.name}: ${failure.message === "network" ? words.lost : failure.message}`;
      row.classList.add("refusal");
      row.append(this.#again(file, row));
    } finally {
      bar.remove();
    }
  }

  #again(file, row) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "quiet", textContent: words.again });
    button.addEventListener("click", () => {
      row.remove();
      this.add([file]);
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
      if (!old.querySelector("progress")) old.remove();
    }
    return row;
  }
}
