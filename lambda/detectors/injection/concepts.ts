/** The ideas that instruction attacks are made of, each worded in many languages under lexicon/. */

export const CONCEPTS = [
  'ignore',
  'ignore-last',
  'ignore-above',
  'not-ignore',
  'previous',
  'all',
  'everything',
  'your',
  'instructions',
  'rules',
  'tasks',
  'reveal',
  'reveal-last',
  'what-is',
  'your-prompt',
  'the-prompt',
  'loose-prompt',
  'above-text',
  'recite',
  'your-secret',
  'secret',
  'persona',
  'developer-mode',
  'you-are-now',
  'unrestricted',
  'new-task',
  'say-only',
  'model',
  'pwned',
  'boundary',
  'weak-boundary',
  'breakout',
  'mention',
  'rot13',
  'reversed',
] as const;

export type Concept = (typeof CONCEPTS)[number];

/** Language -> phrases, parted by commas; `ignor*` leaves the word's end open. */
export type Wordings = Readonly<Record<string, string>>;
