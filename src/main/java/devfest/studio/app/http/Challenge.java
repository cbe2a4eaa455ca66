package devfest.studio.app.http;

import devfest.studio.http.Links;

/** The challenge of a response with status 401 (RFC 6750 § 3, RFC 9728 § 5.1). */
final class Challenge {

  private Challenge() {}

  /**
   * Returns the value of {@code WWW-Authenticate}.
   *
   * @param invalid whether a credential is invalid; otherwise a required one is missing
   */
  static String of(boolean invalid, Links links) {
    return (invalid ? "Bearer error=\"invalid_token\", " : "Bearer ")
        + "resource_metadata=\""
        + links.metadata()
        + "\"";
  }
}
