/** The policy against text that tries to change who instructs the model, or to get at its hidden instructions. */
import type { PromptInjectionSettings } from '../config/gateway-config.ts';
import { compileAttackPatterns, type AttackMatcher } from '../detectors/injection/attack-patterns.ts';
import {
  ALL_OPTIONS,
  scoreInjection,
  type InjectionOptions,
  type InjectionScore,
} from '../detectors/injection/score-injection.ts';
import type { LaneText } from '../wire/lane.ts';
import type { Opinion, Policy, ReasonCode } from './policy.ts';

const MESSAGE = 'the request looks like an attempt to override the instructions of the model';

/** Makes the policy; nothing is built until a text is judged. */
export function createPromptInjection(settings: PromptInjectionSettings): Policy {
  const options = optionsOf(settings);
  let matcher: Promise<AttackMatcher> | undefined;
  const judgeInput = (texts: readonly LaneText[]): Opinion | Promise<Opinion> => {
    const judged = textsToJudge(texts, settings.roles);
    const scores = judged.map((text) => scoreInjection(text, options));
    const opinion = opinionOf(scores, settings);
    if (settings.attackPatterns.length === 0 || opinion.objection !== undefined) return opinion;
    matcher ??= compileAttackPatterns(settings.attackPatterns);
    return matcher.then((matches) => (judged.some(matches) ? detected(settings) : opinion));
  };
  return { kind: 'prompt-injection', begin: () => ({ judgeInput }) };
}

function optionsOf({ encoding, boundaries }: PromptInjectionSettings): InjectionOptions {
  const families = new Set(ALL_OPTIONS.families);
  if (!boundaries.rejectFakeBoundaries) families.delete('boundary');
  if (!boundaries.enforceDelimiters) families.delete('breakout');
  return {
    decode: encoding.decodeBase64,
    normalize: encoding.normalizeUnicode,
    homoglyphs: encoding.detectHomoglyphs,
    families,
  };
}

/** UTF-16 units of the joined turns; a conversation's newest turns matter. */
const MOST_JOINED = 8_000;

/** The judged roles' texts singly, and the user's turns joined: a phrase may be split over turns. */
function textsToJudge(
  texts: readonly LaneText[],
  roles: PromptInjectionSettings['roles'],
): readonly string[] {
  const judged = texts.filter(({ lane }) => roles.some((role) => role === lane.role));
  const turns = judged.filter(({ lane }) => lane.role === 'user').map(({ text }) => text);
  const single = judged.map(({ text }) => text);
  return turns.length > 1 ? [...single, turns.join('\n').slice(-MOST_JOINED)] : single;
}

function opinionOf(scores: readonly InjectionScore[], settings: PromptInjectionSettings): Opinion {
  const score = scores.reduce((highest, scored) => Math.max(highest, scored.score), 0);
  const met = scores.filter((scored) => scored.score >= settings.threshold);
  return met.length === 0
    ? { score }
    : { score, objection: objection(settings, reasonOf(met, settings.threshold)) };
}

/** The more telling reason wins over the general one. */
function reasonOf(met: readonly InjectionScore[], threshold: number): ReasonCode {
  if (met.some(({ readScore }) => readScore < threshold)) return 'prompt_injection.encoded_payload';
  const isFake = met.some(({ rules }) =>
    rules.some(({ family, weight }) => family === 'boundary' && weight >= STRONG_BOUNDARY),
  );
  return isFake ? 'prompt_injection.fake_boundary' : 'prompt_injection.detected';
}

/** A mark of a chat template, as against headings and brackets that honest text has too. */
const STRONG_BOUNDARY = 0.8;

function detected(settings: PromptInjectionSettings): Opinion {
  return { score: 1, objection: objection(settings, 'prompt_injection.detected') };
}

function objection(
  { action, message }: PromptInjectionSettings,
  reason: ReasonCode,
): NonNullable<Opinion['objection']> {
  return { action, reason, message: message ?? MESSAGE };
}
