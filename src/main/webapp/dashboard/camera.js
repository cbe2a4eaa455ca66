// Takes a photo with the camera of the device.

import { byId, element } from "./dom.js";
import { words } from "./words.js";

export class Camera {
  #dialog = byId("camera", HTMLDialogElement);
  #video = byId("camera-picture", HTMLVideoElement);
  #shutter = byId("camera-take", HTMLButtonElement);
  /** @type {MediaStream | null} */
  #stream = null;

  /** @param {(photo: File) => void} onPhoto */
  constructor(onPhoto) {
    if (!navigator.mediaDevices?.getUserMedia) return; // an insecure context has no camera
    const button = byId("open-camera");
    button.hidden = false;
    button.addEventListener("click", () => this.#open());
    this.#dialog.addEventListener("close", () => this.#stop());
    this.#video.addEventListener("loadedmetadata", () => {
      this.#shutter.disabled = false;
    });
    this.#shutter.addEventListener("click", async () => {
      const blob = await this.#take();
      if (blob) onPhoto(new File([blob], "camera.jpg", { type: blob.type }));
      this.#dialog.close();
    });
  }

  async #open() {
    byId("camera-message").textContent = "";
    this.#shutter.disabled = true;
    this.#dialog.showModal();
    try {
      const video = { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1440 } };
      const stream = await navigator.mediaDevices.getUserMedia({ video });
      this.#stream = stream;
      this.#video.srcObject = stream;
      if (!this.#dialog.open) this.#stop();
    } catch {
      byId("camera-message").textContent = words.noCamera;
    }
  }

  /**
   * Returns the picture as JPEG; null if there is none.
   *
   * @returns {Promise<Blob | null>}
   */
  #take() {
    const canvas = element("canvas", {
      width: this.#video.videoWidth,
      height: this.#video.videoHeight,
    });
    canvas.getContext("2d")?.drawImage(this.#video, 0, 0);
    return new Promise((resolve) => {
      canvas.toBlob(resolve, "image/jpeg", 0.92);
    });
  }

  #stop() {
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    this.#video.srcObject = null;
  }
}
