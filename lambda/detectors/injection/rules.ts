/** What combinations of concepts make an instruction attack, and how sure each is. */
import type { SequenceRule } from '../phrases/sequence-rules.ts';
import type { Concept } from './concepts.ts';

export const FAMILIES = [
  'override',
  'leak',
  'persona',
  'boundary',
  'breakout',
  'secret',
  'steering',
] as const;

export type Family = (typeof FAMILIES)[number];

export interface InjectionRule extends SequenceRule<Concept> {
  /** Rules of one family say the same thing: the surest counts, once. */
  readonly family: Family;
}

type Steps = readonly (readonly Concept[])[];

const rule = (name: string, family: Family, weight: number, within: number, steps: Steps): InjectionRule => ({
  name,
  family,
  weight,
  within,
  steps,
});

export const INJECTION_RULES: readonly InjectionRule[] = [
  rule('override.previous', 'override', 0.95, 60, [['ignore'], ['previous'], ['instructions', 'rules']]),
  rule('override.given', 'override', 0.9, 60, [['ignore'], ['instructions'], ['previous']]),
  rule('override.your', 'override', 0.85, 40, [['ignore'], ['your'], ['instructions', 'rules']]),
  rule('override.all', 'override', 0.82, 30, [['ignore'], ['all'], ['instructions']]),
  rule('override.all-rules', 'override', 0.65, 30, [['ignore'], ['all'], ['rules']]),
  rule('override.instructions', 'override', 0.55, 30, [['ignore'], ['instructions']]),
  rule('override.everything', 'override', 0.8, 40, [['ignore'], ['everything'], ['previous']]),
  rule('override.tasks', 'override', 0.72, 50, [['ignore'], ['previous'], ['tasks']]),
  rule('override.all-tasks', 'override', 0.72, 40, [['ignore'], ['all'], ['tasks']]),
  rule('override.above', 'override', 0.72, 0, [['ignore-above']]),
  rule('override.then', 'override', 0.82, 30, [['ignore-above'], ['reveal']]),
  rule('override.last', 'override', 0.95, 60, [['previous'], ['instructions', 'rules'], ['ignore-last']]),
  rule('override.last-all', 'override', 0.85, 50, [
    ['all', 'your'],
    ['instructions', 'rules'],
    ['ignore-last'],
  ]),
  rule('override.last-everything', 'override', 0.8, 40, [
    ['previous'],
    ['all', 'everything'],
    ['ignore-last'],
  ]),
  rule('override.last-tasks', 'override', 0.7, 60, [['previous'], ['tasks'], ['ignore-last']]),
  rule('leak.your-prompt', 'leak', 0.88, 60, [['reveal'], ['your-prompt']]),
  rule('leak.the-prompt', 'leak', 0.85, 60, [['reveal'], ['the-prompt']]),
  rule('leak.loose', 'leak', 0.6, 30, [['recite', 'what-is'], ['loose-prompt']]),
  rule('leak.prompt-last', 'leak', 0.88, 50, [['your-prompt', 'the-prompt'], ['reveal-last']]),
  rule('leak.what-is', 'leak', 0.82, 30, [['what-is'], ['your-prompt']]),
  rule('leak.what-is-last', 'leak', 0.75, 40, [['your-prompt', 'the-prompt'], ['what-is']]),
  rule('leak.recite', 'leak', 0.82, 30, [['recite'], ['previous'], ['instructions']]),
  rule('leak.above', 'leak', 0.8, 50, [['reveal'], ['above-text']]),
  rule('persona.named', 'persona', 0.74, 0, [['persona']]),
  rule('persona.assumed', 'persona', 0.88, 120, [['you-are-now'], ['persona']]),
  rule('persona.unrestricted', 'persona', 0.77, 200, [['you-are-now'], ['unrestricted']]),
  rule('persona.unrestricted-first', 'persona', 0.7, 150, [['unrestricted'], ['you-are-now']]),
  rule('persona.named-unrestricted', 'persona', 0.9, 400, [['persona'], ['unrestricted']]),
  rule('persona.unrestricted-self', 'persona', 0.86, 90, [['you-are-now'], ['model'], ['unrestricted']]),
  rule('persona.unrestricted-model', 'persona', 0.75, 120, [['model'], ['unrestricted'], ['unrestricted']]),
  rule('persona.limitless', 'persona', 0.85, 120, [['unrestricted'], ['unrestricted'], ['unrestricted']]),
  rule('persona.developer-mode', 'persona', 0.8, 400, [['developer-mode'], ['unrestricted']]),
  rule('persona.enter-mode', 'persona', 0.4, 40, [['you-are-now'], ['developer-mode']]),
  rule('boundary.template', 'boundary', 0.9, 0, [['boundary']]),
  rule('boundary.weak', 'boundary', 0.5, 0, [['weak-boundary']]),
  rule('breakout.ended', 'breakout', 0.4, 0, [['breakout']]),
  rule('secret.reveal', 'secret', 0.55, 40, [['reveal', 'what-is'], ['secret']]),
  rule('secret.yours', 'secret', 0.82, 40, [['reveal', 'what-is'], ['your-secret']]),
  rule('secret.last', 'secret', 0.5, 40, [['secret'], ['reveal-last']]),
  rule('steering.new-task', 'steering', 0.4, 0, [['new-task']]),
  rule('steering.say-only', 'steering', 0.3, 0, [['say-only']]),
  rule('steering.pwned', 'steering', 0.6, 0, [['pwned']]),
];
