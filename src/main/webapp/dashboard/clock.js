// A duration as a clock shows it.

/**
 * Formats seconds as 4:07 or 1:04:07. Rounds up, so that it shows 0:00 at the end and not before.
 *
 * @param {number} seconds
 */
export function clockOf(seconds) {
  const all = Math.max(0, Math.ceil(seconds - 0.001));
  /** @param {number} number */
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(all / 3600), Math.floor(all / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(all % 60)}` : `${minutes}:${two(all % 60)}`;
}
