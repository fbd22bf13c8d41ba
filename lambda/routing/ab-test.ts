/**
 * Which variant of an A/B test a request belongs to.
 *
 * The rule, so that anybody can recompute it: SHA-256 over the variants' provider ids in the order of the
 * configuration, joined by commas, a line feed, and the sticky value (UTF-8); the first 52 bits as a fraction from
 * 0 to 1; the variant into whose share of the summed weights the fraction falls, in the order of the
 * configuration. The weights are not hashed: moving 80/20 to 70/30 moves a tenth of the users, the others stay.
 */
import { hash } from 'node:crypto';
import type { AbTest } from '../config/gateway-config.ts';
import { usableWeights } from './rotation.ts';

/** 52 bits are thirteen hex digits, and exact in a double. */
const HEX_DIGITS = 13;

/**
 * The provider id of the variant. Without a sticky value the draw is by chance, and the next request may get
 * another; a weight that is no positive number counts as nothing, and when none counts all are equal.
 */
export function chooseVariant(
  test: AbTest,
  stickyValue: string | undefined,
  random: () => number,
): string | undefined {
  const fraction = stickyValue === undefined ? random() : stickyFraction(test, stickyValue);
  const shares = usableWeights(test.variants.map(({ providerId, weight }) => ({ id: providerId, weight })));
  const total = shares.reduce((sum, { weight }) => sum + weight, 0);
  let upTo = 0;
  let last: string | undefined;
  for (const { id, weight } of shares) {
    if (weight === 0) continue;
    upTo += weight;
    last = id;
    if (fraction * total < upTo) return id;
  }
  return last;
}

function stickyFraction(test: AbTest, value: string): number {
  const ids = test.variants.map(({ providerId }) => providerId).join(',');
  const digest = hash('sha256', `${ids}\n${value}`, 'hex');
  return Number.parseInt(digest.slice(0, HEX_DIGITS), 16) / 16 ** HEX_DIGITS;
}
