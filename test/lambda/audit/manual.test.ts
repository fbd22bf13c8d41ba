/** docs/events.md names every field of a stored event and every fault of a verification. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { ChainLink } from '../../../lambda/audit/decision-event.ts';
import type { FaultKind } from '../../../lambda/audit/verification.ts';
import { aDecisionEvent } from '../../support/a-decision-event.ts';

const manual = await readFile('docs/events.md', 'utf8');

const CHAIN: readonly (keyof ChainLink)[] = ['writer_id', 'seq', 'prev_hash', 'hash'];
const FAULTS: Readonly<Record<FaultKind, true>> = {
  altered: true,
  malformed: true,
  unreadable: true,
  missing: true,
  unlinked: true,
  reordered: true,
  conflicting: true,
  misplaced: true,
  removed: true,
  rewritten: true,
  inserted: true,
  unsigned: true,
};

describe("the events' manual", () => {
  it.each([...Object.keys(aDecisionEvent()), 'chain', ...CHAIN, 'truncated'])(
    'explains the field %s',
    (name) => {
      expect(manual).toContain(`\`${name}\``);
    },
  );

  it.each(Object.keys(FAULTS))('explains the fault %s', (kind) => {
    expect(manual).toMatch(new RegExp(`^\\| \`${kind}\` +\\|`, 'm'));
  });
});
