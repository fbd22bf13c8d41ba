/**
 * Smooth weighted rotation: on each turn every eligible target gains its weight, the richest is picked and pays
 * the sum of the weights. Over any run each share is exact to within one pick, and picks of one target are
 * spread as evenly as the weights allow.
 */

/** Random steps taken before the first pick; see `pick`. */
const HEAD_START = 1_000;

export interface Share {
  readonly id: string;
  readonly weight: number;
}

export interface Rotation {
  /**
   * The ids in the order of this turn: the picked one, then the ones next in line. Only the first one pays.
   *
   * The rotation starts at a random place, because thousands of environments that each serve a few requests
   * would otherwise all pick the heaviest target first and the shares of the whole would be lost.
   */
  turn(shares: readonly Share[], random: () => number): readonly string[];
}

/** A rotation that has not begun. */
export function createRotation(): Rotation {
  const credit = new Map<string, number>();
  const creditOf = (id: string): number => credit.get(id) ?? 0;

  const pick = (shares: readonly Share[], total: number): string | undefined => {
    let richest: string | undefined;
    for (const { id, weight } of shares) {
      credit.set(id, creditOf(id) + weight);
      if (richest === undefined || creditOf(id) > creditOf(richest)) richest = id;
    }
    if (richest !== undefined) credit.set(richest, creditOf(richest) - total);
    return richest;
  };

  return {
    turn: (shares, random) => {
      const usable = usableWeights(shares);
      const total = usable.reduce((sum, { weight }) => sum + weight, 0);
      if (credit.size === 0) {
        for (let steps = Math.floor(random() * HEAD_START); steps > 0; steps -= 1) pick(usable, total);
      }
      const picked = pick(usable, total);
      const ids = usable.map(({ id }) => id).filter((id) => id !== picked);
      const rest = ids.sort((a, b) => creditOf(b) - creditOf(a));
      return picked === undefined ? rest : [picked, ...rest];
    },
  };
}

/** Weights that are no positive number count as nothing; when none counts, all are equal. */
export function usableWeights(shares: readonly Share[]): readonly Share[] {
  const isUsable = (weight: number): boolean => Number.isFinite(weight) && weight > 0;
  const someUsable = shares.some(({ weight }) => isUsable(weight));
  return shares.map(({ id, weight }) => ({ id, weight: someUsable ? (isUsable(weight) ? weight : 0) : 1 }));
}
