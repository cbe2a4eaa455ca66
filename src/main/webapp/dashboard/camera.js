// Takes a photo with the camera of the phone or the computer.

import { words } from "./words.js";

const element = (id) => document.getElementById(id);

export class Camera {
  #stream = null;

  /** @param onPhoto gets the photo as a file */
  constructor(onPhoto) {
    if (!navigator.mediaDevices?.getUserMedia) return; // needs https, or localhost
    const button = element("open-camera");
    button.hidden = false;
    button.addEventListener("click", () => this.#open());
    element("camera").addEventListener("close", () => this.#stop());
    element("camera-picture").addEventListener("loadedmetadata", () => {
      element("camera-take").disabled = false;
    });
    element("camera-take").addEventListener("click", async () => {
      const blob = await this.#take();
      if (blob) onPhoto(new File([blob], "camera.jpg", { type: blob.type }));
      element("camera").close();
    });
  }

  async #open() {
    element("camera-message").textContent = "";
    element("camera-take").disabled = true;
    element("camera").showModal();
    try {
      const wanted = { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1440 } };
      this.#stream = await navigator.mediaDevices.getUserMedia({ video: wanted });
      element("camera-picture").srcObject = this.#stream;
      if (!element("camera").open) this.#stop();
    } catch {
      element("camera-message").textContent = words.noCamera;
    }
  }

  /** The picture as JPEG; null when there is none. */
  #take() {
    const video = element("camera-picture");
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d").drawImage(video, 0, 0);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.92));
  }

  #stop() {
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    element("camera-picture").srcObject = null;
  }
}
