/** The placeholders of reversible redaction: which value each stands for, within one request. */
import { labelOf } from './marker.ts';

export interface Placeholders {
  /** The placeholder of a value; the same value has the same one. */
  forValue(type: string, value: string): string;
  /** What goes upstream for text that looks like a placeholder already: itself, unless that one is taken. */
  forLiteral(literal: string): string;
  /** The value behind a placeholder; undefined for one that was never given out. */
  original(placeholder: string): string | undefined;
}

/** An empty set of placeholders, for one request. */
export function createPlaceholders(): Placeholders {
  const byValue = new Map<string, string>();
  const originals = new Map<string, string>();
  const counts = new Map<string, number>();

  const give = (label: string, key: string, value: string): string => {
    let count = counts.get(label) ?? 0;
    let placeholder: string;
    do placeholder = `[${label}_${++count}]`;
    while (originals.has(placeholder));
    counts.set(label, count);
    originals.set(placeholder, value);
    byValue.set(key, placeholder);
    return placeholder;
  };

  return {
    forValue(type, value) {
      const key = `${type}\n${value}`;
      return byValue.get(key) ?? give(labelOf(type), key, value);
    },
    forLiteral(literal) {
      const key = `\n${literal}`;
      const known = byValue.get(key);
      if (known !== undefined) return known;
      if (originals.has(literal)) return give(literal.slice(1, literal.lastIndexOf('_')), key, literal);
      originals.set(literal, literal);
      byValue.set(key, literal);
      return literal;
    },
    original: (placeholder) => originals.get(placeholder),
  };
}
