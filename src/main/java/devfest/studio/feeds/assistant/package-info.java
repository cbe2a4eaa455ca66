/**
 * Streams answers to prompts token by token, from any endpoint with the OpenAI chat protocol.
 * Without such an endpoint, a built-in caption writer answers from the data of the studio.
 */
@NullMarked
package devfest.studio.feeds.assistant;

import org.jspecify.annotations.NullMarked;
