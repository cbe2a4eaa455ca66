/**
 * Answers to prompts, token by token: of any endpoint that speaks OpenAI's chat protocol, or,
 * without one, of a caption writer that says what it is and puts together what the studio knows.
 */
@NullMarked
package devfest.studio.feeds.assistant;

import org.jspecify.annotations.NullMarked;
