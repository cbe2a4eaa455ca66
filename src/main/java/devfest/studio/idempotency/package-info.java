/**
 * Requests that may be sent twice: the answer to the first is kept, in the transaction in which its
 * work is done, and given again to the second. So a client that lost an answer can safely repeat.
 */
@NullMarked
package devfest.studio.idempotency;

import org.jspecify.annotations.NullMarked;
