// Where the studio is.

/**
 * The address of the studio that serves this module, whatever the context path: the module is one
 * level below it, or, for the studio's own pages, one level below a directory per version.
 */
export const STUDIO = import.meta.url.replace(/(v\/[0-9a-f]{12}\/)?[^/]+\/[^/]+$/, "");
