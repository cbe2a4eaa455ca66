/**
 * Idempotent requests. The reply to the first request is stored in the transaction that does the
 * work, and repetitions with the same key receive the stored reply. A client that did not receive a
 * response can therefore safely repeat the request.
 */
@NullMarked
package devfest.studio.idempotency;

import org.jspecify.annotations.NullMarked;
