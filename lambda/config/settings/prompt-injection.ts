/** What `policy.prompt-injection` may say. */
import * as z from 'zod';
import { flag, text } from '../fields.ts';
import type { PromptInjectionSettings } from '../gateway-config.ts';
import { pattern } from './pattern.ts';

const threshold = z.number().min(0).max(1).optional();
const action = z.enum(['block', 'escalate', 'log']).optional();
const attackPatterns = z.array(pattern).max(1000).optional();

export const promptInjection = z.strictObject({
  threshold: threshold.meta({
    byDefault: '0.8',
    description: 'Score at and above which the policy objects; 0.8 means about 1 % false positives.',
  }),
  embedding_threshold: threshold.meta({ description: 'Another spelling of `threshold`.' }),
  action: action.meta({
    byDefault: 'block',
    description:
      'What an objection does; `escalate` lets the request pass and marks it, `log` is a block that is only recorded.',
  }),
  attack_patterns: attackPatterns.meta({
    byDefault: '[]',
    description: 'Further patterns, each a finding with the highest score.',
  }),
  detection: z
    .strictObject({
      embedding_threshold: threshold.meta({ description: 'Another spelling of `threshold`.' }),
      attack_patterns: attackPatterns.meta({ description: 'Another place for `attack_patterns`.' }),
    })
    .prefault({}),
  encoding: z
    .strictObject({
      decode_base64: flag(true, 'Base64, hex, URL and ROT13 segments are decoded and judged as well.'),
      normalize_unicode: flag(true, 'Text is also judged in NFKC without invisible characters.'),
      detect_homoglyphs: flag(true, 'Text is also judged with look-alike letters folded.'),
    })
    .prefault({}),
  boundaries: z
    .strictObject({
      enforce_delimiters: flag(true, 'Text that closes the delimiters around it counts as an attempt.'),
      reject_fake_boundaries: flag(true, 'Imitated role markers such as `<|im_start|>system` are a finding.'),
    })
    .prefault({}),
  response: z
    .strictObject({
      action: action.meta({ description: 'Another place for `action`.' }),
      message: text(500).optional().meta({ description: 'What the caller reads in the error.' }),
      log_level: z
        .enum(['debug', 'info', 'warn', 'error'])
        .default('warn')
        .meta({ description: 'Level of the log line that an objection leaves.' }),
    })
    .prefault({}),
  roles: z
    .array(z.enum(['user', 'tool', 'assistant']))
    .min(1)
    .default(['user', 'tool'])
    .meta({ description: 'Whose text is judged; system and developer text never is.' }),
});

/** Fields that mean the same: the first is the one to write. */
export const PROMPT_INJECTION_SYNONYMS: readonly (readonly (readonly string[])[])[] = [
  [['threshold'], ['embedding_threshold'], ['detection', 'embedding_threshold']],
  [['action'], ['response', 'action']],
  [['attack_patterns'], ['detection', 'attack_patterns']],
];

/** The settings as the gateway reads them, other spellings folded into one. */
export function resolvePromptInjection(file: z.output<typeof promptInjection>): PromptInjectionSettings {
  const { detection, encoding, boundaries, response } = file;
  return {
    threshold: file.threshold ?? file.embedding_threshold ?? detection.embedding_threshold ?? 0.8,
    action: file.action ?? response.action ?? 'block',
    attackPatterns: file.attack_patterns ?? detection.attack_patterns ?? [],
    encoding: {
      decodeBase64: encoding.decode_base64,
      normalizeUnicode: encoding.normalize_unicode,
      detectHomoglyphs: encoding.detect_homoglyphs,
    },
    boundaries: {
      enforceDelimiters: boundaries.enforce_delimiters,
      rejectFakeBoundaries: boundaries.reject_fake_boundaries,
    },
    ...(response.message === undefined ? {} : { message: response.message }),
    logLevel: response.log_level,
    roles: file.roles,
  };
}
