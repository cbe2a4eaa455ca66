// A transformation as a small picture.

import { here, root } from "./api.js";

/**
 * Shows the result if there is one, else the photo. Falls back to the full size if no small copy is
 * stored.
 *
 * @param {HTMLImageElement} image
 * @param {{ transformationId?: string, photoId: string, status?: string, resultUrl?: string }}
 *     picture
 */
export function show(image, { transformationId, photoId, status, resultUrl }) {
  const result = status === "completed" ? resultUrl : undefined;
  const small = result
    ? root(`uploads/transformations/thumbnails/${transformationId}.jpg`)
    : root(`uploads/photos/thumbnails/${photoId}.jpg`);
  if (image.dataset.small === small) return;
  image.dataset.small = small;
  image.onerror = () => {
    image.onerror = null;
    image.src = result ? here(result) : root(`uploads/photos/${photoId}.jpg`);
  };
  image.src = small;
}
