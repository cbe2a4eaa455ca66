// A transformation as a small picture.

import { here, root } from "./api.js";

/** Shows its result when there is one, else its photo; in full where no small one is kept. */
export function show(image, { transformationId, photoId, status, resultUrl }) {
  const done = status === "completed" && resultUrl;
  const small = done
    ? root(`uploads/transformations/thumbnails/${transformationId}.jpg`)
    : root(`uploads/photos/thumbnails/${photoId}.jpg`);
  if (image.dataset.small === small) return;
  image.dataset.small = small;
  image.onerror = () => {
    image.onerror = null;
    image.src = done ? here(resultUrl) : root(`uploads/photos/${photoId}.jpg`);
  };
  image.src = small;
}
