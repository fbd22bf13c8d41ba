/** Every example loads, without so much as a warning. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../lambda/config/load.ts';

const ROOT = join(import.meta.dirname, '..');
const files = [...globSync('examples/*.yaml', { cwd: ROOT }), 'policy-config.yaml'].toSorted();

describe('the examples', () => {
  it('are there for every shape of the AIML API page', () => {
    const shapes = ['minimal', 'shorthand', 'streaming', 'fallback', 'ab-test', 'circuit-breaker'];
    expect(files).toEqual(expect.arrayContaining(shapes.map((shape) => `examples/${shape}.yaml`)));
  });

  it.each(files)('%s loads without a problem', (file) => {
    const result = loadConfig([{ path: file, text: readFileSync(join(ROOT, file), 'utf8') }]);
    expect(result).toMatchObject({ ok: true, warnings: [] });
  });

  it.each(files)('%s begins with a comment that says what it is for', (file) => {
    expect(readFileSync(join(ROOT, file), 'utf8')).toMatch(/^# \S/);
  });

  it('have names of their own', () => {
    const names = files.map((file) => /name: (\S+)/.exec(readFileSync(join(ROOT, file), 'utf8'))?.[1]);
    expect(new Set(names).size).toBe(files.length);
  });

  it('have a version of the page’s minimal configuration at the top level', () => {
    const text = readFileSync(join(ROOT, 'policy-config.yaml'), 'utf8');
    const result = loadConfig([{ path: 'policy-config.yaml', text }]);
    expect(result).toMatchObject({
      config: {
        pack: { name: 'aimlapi-gateway', version: '1.0.0' },
        chain: [
          { kind: 'prompt-injection' },
          { kind: 'pii-detector' },
          { kind: 'safety-filter' },
          { kind: 'audit-logger' },
        ],
        targets: [{ id: 'aimlapi-gpt4o', model: 'gpt-4o', secret: { env: 'AIMLAPI_KEY' } }],
      },
    });
  });
});
