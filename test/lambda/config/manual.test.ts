/** The manual of the file and the schema of the file say the same. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { describeSchema, type FieldNode } from '../../../lambda/config/field-notes.ts';
import { fieldManual } from '../../../lambda/config/manual.ts';
import { configFile } from '../../../lambda/config/schema.ts';

const MANUAL = resolve(import.meta.dirname, '../../../docs/configuration.md');
const REGION = /(<!-- fields:start -->\n)[\s\S]*(<!-- fields:end -->\n)/;

/** Paths of the fields for which a predicate holds. */
function fieldsWhere(holds: (node: FieldNode) => boolean, node: FieldNode, path = ''): readonly string[] {
  const inner = [
    ...Object.entries(node.properties ?? {}).map(([key, field]) => [`${path}.${key}`, field] as const),
    ...(node.items === undefined ? [] : [[`${path}[]`, node.items] as const]),
    ...(node.anyOf ?? []).map((field) => [path, field] as const),
  ];
  return [
    ...(holds(node) ? [path] : []),
    ...inner.flatMap(([place, field]) => fieldsWhere(holds, field, place)),
  ];
}

describe('the manual', () => {
  it('holds the tables that the schema gives', async () => {
    const text = readFileSync(MANUAL, 'utf8');
    const renewed = text.replace(
      REGION,
      (_, start: string, end: string) => `${start}\n${fieldManual()}\n\n${end}`,
    );
    const options = await resolveConfig(MANUAL);
    await expect(await format(renewed, { ...options, parser: 'markdown' })).toMatchFileSnapshot(MANUAL);
  });

  it('explains every single field', () => {
    const isLeaf = (node: FieldNode) => node.properties === undefined && node.items === undefined;
    const undescribed = fieldsWhere(
      (node) => isLeaf(node) && node.anyOf === undefined && node.description === undefined,
      describeSchema(configFile),
    );
    const selfEvident = /\[\]$|_per_(?:minute|day|month)$|contains$/;
    expect(undescribed.filter((path) => !selfEvident.test(path))).toEqual([]);
  });

  it.each([
    'providers.targets[]',
    'policy.pii-detector.redaction',
    'policies.chain[].<kind>.when',
    'size_limits',
  ])('has a section for %s', (path) => {
    expect(fieldManual()).toContain(`### \`${path}\``);
  });
});
