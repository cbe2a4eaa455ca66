package devfest.studio.audit;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What the audit trail records. */
public enum Action {
  /** A credential was verified; recorded if it is refused. The target is how it was sent. */
  SIGN_IN,
  /** A call; recorded if the caller's role is not sufficient. The target is its method and path. */
  CALL,
  BEGIN_SESSION,
  END_SESSION,
  /** A token of dev mode was issued to the target. */
  ISSUE_DEV_TOKEN,
  /** All tokens of the target were revoked. */
  REVOKE_SESSIONS,
  END_STREAM,
  /** The target is the SHA-256 of the user id, because it remains. */
  ERASE_USER,
  /** The target is the user. */
  EXPORT_USER,
  /** The pictures of the event were downloaded. */
  EXPORT_EVENT,
  /** A backup of the embedded database was written into the data directory. */
  COPY_DATABASE,
  DELETE_PHOTO,
  CREATE_TRANSFORMATION,
  CANCEL_TRANSFORMATION,
  RETRY_TRANSFORMATION,
  CHANGE_POST,
  PUBLISH_POST,
  DELETE_POST,
  DELETE_MESSAGE,
  ROTATE_HOOK,
  DELETE_HOOK,
  CHANGE_WEBHOOK,
  DELETE_WEBHOOK,
  HIDE_PICTURE,
  SHOW_PICTURE,
  CHANGE_EVENT,
  CREATE_PASS,
  /** Deletes a pass and revokes the tokens of its guests. */
  DELETE_PASS;

  /** The action with this text form; empty if there is none. */
  public static Optional<Action> of(String text) {
    return Arrays.stream(values()).filter(action -> action.toString().equals(text)).findFirst();
  }

  /** The text form in the log, in rows and in JSON, such as {@code delete-photo}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
