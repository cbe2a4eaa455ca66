/**
 * From an uploaded file to upright sRGB pixels, through a style, to a JPEG without metadata.
 *
 * <p>A file is judged by its bytes alone, and its structure and size before a codec sees it; codecs
 * get a copy without metadata. A style is data: a list of operations that run fused, row by row,
 * over the full picture, while those that look at neighbours look at a reduced copy.
 */
@NullMarked
package devfest.studio.images;

import org.jspecify.annotations.NullMarked;
