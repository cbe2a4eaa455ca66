package devfest.studio.http;

import java.util.Arrays;
import java.util.Locale;

/** The codes of problem documents and their HTTP statuses. */
public enum Code {
  // General codes, one per status, for failures without a specific code.
  BAD_REQUEST(400, "Bad Request"),
  UNAUTHORIZED(401, "Unauthorized"),
  FORBIDDEN(403, "Forbidden"),
  NOT_FOUND(404, "Not Found"),
  METHOD_NOT_ALLOWED(405, "Method Not Allowed"),
  NOT_ACCEPTABLE(406, "Not Acceptable"),
  REQUEST_TIMEOUT(408, "Request Timeout"),
  CONFLICT(409, "Conflict"),
  CONTENT_TOO_LARGE(413, "Content Too Large"),
  URI_TOO_LONG(414, "URI Too Long"),
  UNSUPPORTED_MEDIA_TYPE(415, "Unsupported Media Type"),
  RANGE_NOT_SATISFIABLE(416, "Range Not Satisfiable"),
  UNPROCESSABLE_CONTENT(422, "Unprocessable Content"),
  UPGRADE_REQUIRED(426, "Upgrade Required"),
  TOO_MANY_REQUESTS(429, "Too Many Requests"),
  REQUEST_HEADER_FIELDS_TOO_LARGE(431, "Request Header Fields Too Large"),
  INTERNAL_SERVER_ERROR(500, "Internal Server Error"),
  NOT_IMPLEMENTED(501, "Not Implemented"),
  SERVICE_UNAVAILABLE(503, "Service Unavailable"),
  HTTP_VERSION_NOT_SUPPORTED(505, "HTTP Version Not Supported"),
  INSUFFICIENT_STORAGE(507, "Insufficient Storage"),

  // Specific codes.
  TOKEN_REQUIRED(UNAUTHORIZED),
  INVALID_TOKEN(UNAUTHORIZED),
  INVALID_SIGNATURE(UNAUTHORIZED),
  ALREADY_FINAL(CONFLICT),
  FINISHED(CONFLICT),
  ILLEGAL_MOVE(CONFLICT),
  NOT_FAILED(CONFLICT),
  PUBLISHED(CONFLICT),
  PUBLISHING(CONFLICT),
  TIMER_OVER(CONFLICT),
  TOO_MANY_GAMES(CONFLICT),
  TOO_MANY_HOOKS(CONFLICT),
  TOO_MANY_PASSES(CONFLICT),
  TOO_MANY_POSTS(CONFLICT),
  TOO_MANY_WEBHOOKS(CONFLICT),
  TOO_LARGE(CONTENT_TOO_LARGE),
  UNSUPPORTED_IMAGE(UNSUPPORTED_MEDIA_TYPE),
  BAD_ARCHIVE(UNPROCESSABLE_CONTENT),
  DAMAGED_IMAGE(UNPROCESSABLE_CONTENT),
  IDEMPOTENCY_KEY_REUSED(UNPROCESSABLE_CONTENT),
  NOT_IN_THE_FUTURE(UNPROCESSABLE_CONTENT),
  TOO_MANY_PIXELS(UNPROCESSABLE_CONTENT),
  ONE_AT_A_TIME(TOO_MANY_REQUESTS),
  QUEUE_FULL(TOO_MANY_REQUESTS),
  QUOTA_EXHAUSTED(TOO_MANY_REQUESTS),
  TOO_MANY_MENTIONS(TOO_MANY_REQUESTS),
  TOO_MANY_MESSAGES(TOO_MANY_REQUESTS),
  TOO_MANY_REPORTS(TOO_MANY_REQUESTS),
  TOO_MANY_STREAMS(TOO_MANY_REQUESTS),
  TOO_MANY_TASKS(TOO_MANY_REQUESTS),
  TOO_MANY_UPLOADS(TOO_MANY_REQUESTS),
  INTERNAL_ERROR(INTERNAL_SERVER_ERROR),
  BUSY(SERVICE_UNAVAILABLE),
  KEYS_UNAVAILABLE(SERVICE_UNAVAILABLE),
  STREAMS_FULL(SERVICE_UNAVAILABLE),
  UNAVAILABLE(SERVICE_UNAVAILABLE),
  UNHEALTHY(SERVICE_UNAVAILABLE);

  private final int status;
  private final String title;

  Code(int status, String title) {
    this.status = status;
    this.title = title;
  }

  Code(Code general) {
    this(general.status, general.title);
  }

  /**
   * Returns the general code of a status; for an unknown status {@link #BAD_REQUEST}, or {@link
   * #INTERNAL_SERVER_ERROR} from 500 on.
   */
  public static Code of(int status) {
    return Arrays.stream(values())
        .filter(code -> code.status == status)
        .findFirst() // general codes come first
        .orElse(status < 500 ? BAD_REQUEST : INTERNAL_SERVER_ERROR);
  }

  /** Returns the HTTP status. */
  public int status() {
    return status;
  }

  /** Returns the reason phrase of the status (RFC 9110). */
  public String title() {
    return title;
  }

  /** Returns the code as clients see it, for example {@code not_found}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
