package devfest.studio.webhooks;

/**
 * What one request sends.
 *
 * @param id the same for each attempt at the same message
 * @param events the number of events in it
 * @param body JSON, sent in UTF-8
 */
record Message(String id, Format format, int events, String body) {}
