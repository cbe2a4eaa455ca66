/**
 * Attendees without an identity provider. An organiser creates a pass, which is shown as a QR code;
 * whoever has it becomes a guest, with a token of the studio's own ({@code security.GuestTokens}).
 */
@NullMarked
package devfest.studio.guests;

import org.jspecify.annotations.NullMarked;
