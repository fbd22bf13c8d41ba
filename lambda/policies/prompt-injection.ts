/** The policy against text that tries to change who instructs the model, or to get at its hidden instructions. */
import type { PromptInjectionSettings } from '../config/gateway-config.ts';
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
  return {
    kind: 'prompt-injection',
    begin: () => ({
      judgeInput: (texts) => judge(textsToJudge(texts, settings.roles), settings, options),
    }),
  };
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

/** UTF-16 units of the joined turns; a conversation's newest turns matter. */
const MOST_JOINED = 8_000;

function judge(
  texts: readonly string[],
  settings: PromptInjectionSettings,
  options: InjectionOptions,
): Opinion {
  let surest: InjectionScore = { score: 0, readScore: 0, rules: [] };
  for (const text of texts) {
    const scored = scoreInjection(text, options);
    if (scored.score > surest.score) surest = scored;
  }
  const { score } = surest;
  if (score < settings.threshold) return { score };
  const reason = reasonOf(surest, settings.threshold);
  return { score, objection: { action: settings.action, reason, message: settings.message ?? MESSAGE } };
}

function reasonOf({ readScore, rules }: InjectionScore, threshold: number): ReasonCode {
  if (readScore < threshold) return 'prompt_injection.encoded_payload';
  if (rules.some(({ name }) => name === 'boundary.template')) return 'prompt_injection.fake_boundary';
  return 'prompt_injection.detected';
}
