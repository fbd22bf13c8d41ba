import { describe, expect, it } from 'vitest';
import { createPolicy } from '../../../lambda/policies/index.ts';
import { labelOf } from '../../../lambda/policies/pii/primed-judge.ts';
import type { Lane } from '../../../lambda/wire/lane.ts';
import { aConfig, FOUR_POLICIES, targetsAt } from '../../support/a-gateway.ts';

const [, entry] = aConfig(targetsAt('http://127.0.0.1:9/v1') + FOUR_POLICIES).chain;
const lane: Lane = { phase: 'output', role: 'assistant', content: 'tool_arguments', path: '/x' };

function redacted(text: string, context?: string, parts: readonly string[] = [text]): string {
  if (entry === undefined) throw new Error('the chain has no second entry');
  const run = createPolicy(entry).begin({ path: '', headers: {}, model: '', stream: true });
  const judge = run.openLane?.(context === undefined ? lane : { ...lane, context });
  const pieces = [...parts.flatMap((part) => judge?.push(part).pieces ?? []), ...(judge?.end().pieces ?? [])];
  expect(pieces.reduce((sum, { length }) => sum + length, 0)).toBe(text.length);
  return pieces.map((piece) => piece.text).join('');
}

describe('the key of a JSON value', () => {
  it.each([
    ['ssn', 'ssn: '],
    ['socialSecurityNumber', 'social Security Number: '],
    ['social_security-number', 'social security number: '],
  ])('%s reads as a label', (key, label) => {
    expect(labelOf(key)).toBe(label);
  });

  it('says what a bare number is', () => {
    expect(redacted('536904399')).toBe('536904399');
    expect(redacted('536904399', 'ssn')).toBe('[SSN_REDACTED]');
    expect(redacted('536904399', 'order')).toBe('536904399');
  });

  it.each(['bob@example.com', 'sk', 'x'])('%s leaves plain text as it is, at every split', (key) => {
    const text = 'plain words, and no more';
    expect(redacted(text, key)).toBe(text);
    expect(redacted(text, key, text.split(''))).toBe(text);
  });
});
