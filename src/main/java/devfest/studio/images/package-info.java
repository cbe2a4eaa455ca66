/**
 * Decodes uploaded files to upright sRGB pixels, applies styles, and encodes JPEG without metadata.
 *
 * <p>A file is checked by its content only. Its structure and size are checked before a codec runs,
 * and codecs receive a copy without metadata. A style is data: a list of operations, fused where
 * possible and applied row by row to the full picture. Operations that need neighbouring pixels
 * read a reduced copy.
 */
@NullMarked
package devfest.studio.images;

import org.jspecify.annotations.NullMarked;
