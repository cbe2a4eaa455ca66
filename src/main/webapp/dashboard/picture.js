// A transformation as a picture on the page, in the size that fits.

import { here, root } from "./api.js";

/** Side in pixels of what the studio stores: see docs/integrate.md. */
const SMALL = 480;
const THUMBNAIL = 720;
const MEDIUM = 1440;
/** How much a medium copy may be enlarged before the full picture is loaded instead. */
const ENLARGED = 1.2;

/** The usual ratio of the longer to the shorter side of a photo. */
export const LONGEST_RATIO = 1.5;

/** The longer side of a picture that covers a tile of the wall: see #wall in style.css. */
const TILE = "(max-width: 800px) 60vw, max(225px, 25vw)";
const KIOSK_TILE = "23vh";

/**
 * The address of a smaller copy of a photo or a result.
 *
 * @param {string} url of the full picture
 * @param {"medium" | "small" | "thumbnails"} size
 */
export const copyOf = (url, size) => url.replace(/[^/]+$/, `${size}/$&`);

/**
 * Loads a picture in medium size, or in full where the screen shows it clearly larger. A node of an
 * earlier version has only the full size. Sets no `srcset`, because that would change the size at
 * which a picture is drawn.
 *
 * @param {HTMLImageElement} image
 * @param {string} url of the full picture
 * @param {number} longest the length of the longer side on the page, in CSS pixels
 * @param {() => void} [onLoad]
 * @param {() => void} [onFailure]
 */
export function load(image, url, longest, onLoad, onFailure) {
  const full = here(url);
  image.onload = onLoad ?? null;
  image.onerror = () => {
    image.onerror = onFailure ?? null;
    image.src = full;
  };
  image.src = longest * devicePixelRatio > ENLARGED * MEDIUM ? full : copyOf(full, "medium");
}

/**
 * Shows the result if there is one, else the photo, in the size of a tile. Falls back to the full
 * size if no smaller copy is stored.
 *
 * @param {HTMLImageElement} image
 * @param {{ transformationId?: string, photoId: string, status?: string, resultUrl?: string }}
 *     picture
 */
export function show(image, { photoId, status, resultUrl }) {
  const result = status === "completed" ? resultUrl : undefined;
  const full = result ? here(result) : root(`uploads/photos/${photoId}.jpg`);
  const thumbnail = copyOf(full, "thumbnails");
  if (image.dataset.thumbnail === thumbnail) return;
  image.dataset.thumbnail = thumbnail;
  image.onerror = () => {
    image.onerror = null;
    image.removeAttribute("srcset");
    image.removeAttribute("sizes");
    image.src = full;
  };
  image.sizes = document.body?.classList.contains("kiosk") ? KIOSK_TILE : TILE;
  if (result) {
    image.srcset = [
      `${copyOf(full, "small")} ${SMALL}w`,
      `${thumbnail} ${THUMBNAIL}w`,
      `${copyOf(full, "medium")} ${MEDIUM}w`,
    ].join(", ");
  } else image.removeAttribute("srcset");
  image.src = thumbnail;
}
