// The upload box: choose or drop photos, pick a style, send.

import { call, upload } from "./api.js";
import { words } from "./words.js";

const element = (id) => document.getElementById(id);

export class Uploader {
  #files = [];

  constructor(styles) {
    this.#offer(styles);
    const drop = element("drop");
    element("files").addEventListener("change", (event) => this.#choose(event.target.files));
    for (const type of ["dragover", "dragleave", "drop"]) {
      drop.addEventListener(type, (event) => {
        event.preventDefault();
        drop.classList.toggle("over", type === "dragover");
        if (type === "drop") this.#choose(event.dataTransfer.files);
      });
    }
    element("upload").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    element("upload").hidden = false;
  }

  #offer(styles) {
    element("styles").replaceChildren(
      ...styles.map((style, i) => {
        const label = document.createElement("label");
        label.title = style.description;
        const input = document.createElement("input");
        Object.assign(input, { type: "radio", name: "style", value: style.styleId, checked: i === 0 });
        const picture = document.createElement("img");
        picture.src = new URL(style.previewUrl).pathname;
        picture.alt = "";
        picture.loading = "lazy";
        const name = document.createElement("span");
        name.textContent = style.name;
        label.append(input, picture, name);
        return label;
      }),
    );
  }

  #choose(files) {
    this.#files = [...files];
    const preview = element("chosen");
    if (preview.src) URL.revokeObjectURL(preview.src);
    const some = this.#files.length > 0;
    preview.hidden = !some;
    if (some) preview.src = URL.createObjectURL(this.#files[0]);
    element("drop-hint").textContent = some ? words.chosen(this.#files.length) : words.drop;
    element("send").disabled = !some;
    this.#say("");
  }

  async #send() {
    const styleId = new FormData(element("upload")).get("style");
    const visibility = element("public").checked ? "public" : "private";
    const bar = element("upload-progress");
    element("send").disabled = true;
    bar.hidden = false;
    try {
      while (this.#files.length > 0) {
        const file = this.#files[0];
        this.#say(words.sending(file.name));
        const photo = await upload(file, visibility, (part) => (bar.value = part));
        await call("/transformations", { method: "POST", body: { photoId: photo.photoId, styleId } });
        this.#files.shift();
      }
      this.#choose([]);
      element("files").value = "";
      this.#say(words.sent);
    } catch (failure) {
      this.#say(failure.message, true);
      element("send").disabled = false;
    } finally {
      bar.hidden = true;
    }
  }

  #say(text, refusal = false) {
    element("upload-message").textContent = text;
    element("upload-message").classList.toggle("refusal", refusal);
  }
}
