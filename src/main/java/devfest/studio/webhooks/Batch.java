package devfest.studio.webhooks;

/**
 * The next events of a webhook.
 *
 * @param upTo every matching event up to here is in the message
 * @param last the position of the last event in the message
 */
record Batch(Message message, long upTo, long last) {

  boolean isEmpty() {
    return message.events() == 0;
  }
}
