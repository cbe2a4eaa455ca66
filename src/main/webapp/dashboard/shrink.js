// Makes photos smaller before the upload, which saves time and data on a phone. HEIC and AVIF photos
// become JPEG where the browser can decode them, because the studio does not accept them.
//
// Contract: a photo that cannot be made smaller is returned as it is, and the studio decides about it.
// The copy has the orientation of the photo in its pixels, and no metadata.

import { element } from "./dom.js";

/** The longest side of an uploaded photo in pixels. */
const LONGEST = 4_096;
/** Bytes above which a photo is compressed again, whatever its size in pixels. */
const LARGE = 4_000_000;
const QUALITY = 0.9;
/** Bytes that contain everything about a photo that its pixels do not: the chunks before a PNG's. */
const HEAD = 65_536;
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

/**
 * One photo at a time: a decoded photo takes hundreds of megabytes.
 *
 * @type {Promise<unknown>}
 */
let turn = Promise.resolve();

/**
 * Whether a photo is HEIC or AVIF and this browser cannot decode it.
 *
 * @param {File} file
 */
export async function isUnreadable(file) {
  if (!isHeif(file, await headOf(file))) return false;
  return inTurn(async () => {
    try {
      (await decode(file)).close();
      return false;
    } catch {
      return true;
    }
  });
}

/**
 * Returns the photo to upload: the file, or a smaller JPEG of it.
 *
 * @param {File} file
 * @param {boolean} original whether to return the file, unless the studio does not accept its format
 * @returns {Promise<File>}
 */
export function shrink(file, original) {
  return inTurn(async () => {
    try {
      const head = await headOf(file);
      const heif = isHeif(file, head);
      if (!heif && (original || !(await isLarge(file, head)))) return file;
      const copy = await encode(await decode(file));
      return heif || copy.size < file.size ? named(copy, file.name) : file;
    } catch {
      return file;
    }
  });
}

/**
 * @template T
 * @param {() => Promise<T>} action does not reject
 * @returns {Promise<T>}
 */
function inTurn(action) {
  const mine = turn.then(action);
  turn = mine;
  return mine;
}

/**
 * The beginning of a file, one character per byte; "" if it cannot be read.
 *
 * @param {File} file
 */
async function headOf(file) {
  const head = file.slice(0, HEAD);
  const bytes = await head.arrayBuffer().catch(() => new ArrayBuffer(0));
  return Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");
}

/**
 * Whether a file is HEIC or AVIF. Its content decides, because the name may be wrong; the name and
 * the type only if the content is no other picture.
 *
 * @param {File} file
 * @param {string} head
 */
function isHeif({ name, type }, head) {
  if (head.slice(4, 8) === "ftyp") {
    const length = Math.min(256 * head.charCodeAt(2) + head.charCodeAt(3), head.length);
    const brands = head.slice(16, length).match(/[^]{4}/g) ?? [];
    const all = [...HEIF, ...AVIF];
    if ([head.slice(8, 12), ...brands].some((brand) => all.includes(brand))) return true;
  }
  const other = ["\xff\xd8\xff", "\x89PNG", "GIF8", "RIFF"].some((magic) => head.startsWith(magic));
  return !other && (/^image\/hei[cf]/.test(type) || /\.hei[cf]$/i.test(name));
}

/**
 * @param {File} file
 * @param {string} head
 */
async function isLarge(file, head) {
  return (file.size > LARGE && isOpaque(head)) || (await longestSide(file)) > LONGEST;
}

/**
 * Whether a JPEG shows the same as the photo: nothing transparent, and one picture only. Those
 * formats of which the beginning does not prove it count as not opaque.
 *
 * @param {string} head
 */
function isOpaque(head) {
  if (head.startsWith("\x89PNG")) {
    const chunks = head.slice(0, head.indexOf("IDAT"));
    return [0, 2].includes(head.charCodeAt(25)) && !/tRNS|acTL/.test(chunks);
  }
  return head.startsWith("\xff\xd8\xff") || head.slice(8, 16) === "WEBPVP8 ";
}

/**
 * The longest side in pixels. Browsers find it without decoding the photo.
 *
 * @param {File} file
 * @returns {Promise<number>}
 */
async function longestSide(file) {
  const picture = new Image();
  picture.src = URL.createObjectURL(file);
  try {
    await new Promise((resolve, reject) => {
      picture.onload = resolve;
      picture.onerror = reject;
    });
    return Math.max(picture.naturalWidth, picture.naturalHeight);
  } finally {
    URL.revokeObjectURL(picture.src);
  }
}

/** @param {File} file */
function decode(file) {
  return createImageBitmap(file, { imageOrientation: "from-image" });
}

/**
 * @param {ImageBitmap} bitmap is closed
 * @returns {Promise<Blob>}
 */
function encode(bitmap) {
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(scale * bitmap.width));
  const height = Math.max(1, Math.round(scale * bitmap.height));
  if (typeof OffscreenCanvas === "function") {
    const canvas = new OffscreenCanvas(width, height);
    draw(bitmap, canvas.getContext("2d"), width, height);
    return canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
  }
  const canvas = element("canvas", { width, height });
  draw(bitmap, canvas.getContext("2d"), width, height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error())), "image/jpeg", QUALITY);
  });
}

/**
 * Draws on white, like the studio.
 *
 * @param {ImageBitmap} bitmap
 * @param {OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D | null} pen
 * @param {number} width
 * @param {number} height
 */
function draw(bitmap, pen, width, height) {
  if (!pen) throw new Error("no canvas");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
}

/**
 * @param {Blob} jpeg
 * @param {string} name of the photo
 */
function named(jpeg, name) {
  return new File([jpeg], `${name.replace(/\.\w+$/, "")}.jpg`, { type: jpeg.type });
}
