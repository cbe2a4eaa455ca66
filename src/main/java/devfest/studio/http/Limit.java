package devfest.studio.http;

/**
 * What is limited in frequency, for each user and, without a token, each address. The settings
 * {@code studio.limits.*} give the numbers.
 */
public enum Limit {
  UPLOADS("uploads"),
  TRANSFORMATIONS("transformations"),
  /** Requests that publish events or drive the shared games and the timer. */
  PUBLISHING("requests to publish"),
  TICKETS("tickets"),
  SESSIONS("sessions"),
  STREAMS("new streams"),
  HOOKS("new hooks and secrets"),
  GAMES("new games"),
  /** Guests who join or renew their token, by address: a conference often has one. */
  REDEMPTIONS("redemptions of passes"),
  /** Creations and changes of posts. */
  POSTS("changes of posts"),
  MENTIONS("mentions", Code.TOO_MANY_MENTIONS),
  MESSAGES("messages", Code.TOO_MANY_MESSAGES),
  PICTURE_REPORTS("reports of pictures"),
  /** Clients' reports of their connections. */
  REPORTS("reports", Code.TOO_MANY_REPORTS),
  /** Commands that clients send over a WebSocket. */
  COMMANDS("commands"),
  /** Webhook deliveries that the studio receives, by address. */
  DELIVERIES("deliveries"),
  /** Requests with an invalid credential or signature, by address. */
  FAILED_AUTHENTICATIONS("failed authentications"),
  /** Tokens of dev mode, by address. */
  DEV_TOKENS("tokens");

  private final String things;
  private final Code code;

  Limit(String things) {
    this(things, Code.TOO_MANY_REQUESTS);
  }

  Limit(String things, Code code) {
    this.things = things;
    this.code = code;
  }

  /** Returns what is counted, in the plural. */
  public String things() {
    return things;
  }

  /** Returns the code of the refusal. */
  public Code code() {
    return code;
  }
}
