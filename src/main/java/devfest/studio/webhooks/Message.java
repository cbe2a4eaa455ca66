package devfest.studio.webhooks;

import java.util.Set;

/**
 * What one request sends.
 *
 * @param id the same for each attempt at the same message
 * @param events the number of events in it
 * @param causes the steps of traces that caused the events
 * @param body JSON, sent in UTF-8
 */
record Message(String id, Format format, int events, Set<String> causes, String body) {}
