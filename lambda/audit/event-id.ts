/** Names and times of evidence: ids that sort by time, timestamps with microseconds. */

/** Crockford's base 32: no I, L, O, U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * A ULID: 48 bits of time, 80 bits of chance, in 26 letters.
 * @param now Milliseconds since the epoch.
 * @param random From 0 (inclusive) to 1 (exclusive).
 * @see https://github.com/ulid/spec
 */
export function newUlid(now: number, random: () => number): string {
  let time = '';
  for (let left = Math.floor(now), digit = 0; digit < 10; digit++) {
    time = ALPHABET.charAt(left % 32) + time;
    left = Math.floor(left / 32);
  }
  let chance = '';
  for (let digit = 0; digit < 16; digit++) chance += ALPHABET.charAt(Math.floor(random() * 32));
  return time + chance;
}

/** The id of a decision event. */
export function newEventId(now: number, random: () => number): string {
  return `evt_${newUlid(now, random)}`;
}

/**
 * ISO 8601, UTC, with microseconds.
 * @param now Milliseconds since the epoch, with fractions where the clock has them.
 */
export function timestampOf(now: number): string {
  const second = Math.floor(now / 1000);
  if (second !== lastSecond) {
    lastText = new Date(second * 1000).toISOString().slice(0, -'000Z'.length);
    lastSecond = second;
  }
  return `${lastText}${String(Math.floor((now - second * 1000) * 1000)).padStart(6, '0')}Z`;
}

/** Busy gateways name the same second again and again, and Node takes its time to write one out. */
let lastSecond = Number.NaN;
let lastText = '';
