// What the dashboard offers to signed-in users only. Others need not load it.

export { Camera } from "./camera.js";
export { Gallery } from "./gallery.js";
export { Uploader } from "./uploader.js";
