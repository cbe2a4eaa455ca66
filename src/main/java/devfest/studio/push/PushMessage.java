package devfest.studio.push;

import com.interaso.webpush.WebPush.Urgency;
import java.time.Duration;
import java.util.Set;

/**
 * What a browser shows.
 *
 * @param topic replaces a message of the same topic that the push service has not delivered yet; at
 *     most 32 characters of base64url (RFC 8030 § 5.4)
 * @param body JSON
 * @param life how long the push service keeps it for a browser that is off
 * @param causes the steps of traces that caused it
 */
record PushMessage(String topic, String body, Urgency urgency, Duration life, Set<String> causes) {}
