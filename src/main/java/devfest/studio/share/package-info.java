/** The page that shows a result to whoever has its link, without scripts. */
@NullMarked
package devfest.studio.share;

import org.jspecify.annotations.NullMarked;
