import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUNDLED_CONFIG, parseBundledConfig } from '../../lambda/config/bundled-config.ts';
import { bundleFunction } from '../../lib/function-bundle.ts';
import { aConfig } from '../support/test-app.ts';

const config = aConfig();
let root: string;
let folder: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'bundle-'));
  folder = join(root, 'one');
  bundleFunction('gateway-handler', config, folder);
}, 60_000);
afterAll(() => rmSync(root, { recursive: true }));

const filesOf = (place: string): readonly string[] =>
  readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(place, name)).isFile())
    .sort();
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** A module and those that it can't do without. */
function loadedAtStart(name: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const [, from = ''] of read(name).matchAll(/(?:from|import)\s?["'](\.[^"']+)["']/g)) {
    loadedAtStart(join(dirname(name), from), found);
  }
  return found;
}

describe('the bundle of the function', () => {
  it('has the entry module, and chunks beside it', () => {
    expect(filesOf(folder)).toContain('gateway-handler.mjs');
    expect(filesOf(folder).filter((name) => name.startsWith('chunks/')).length).toBeGreaterThan(3);
  });

  it('brings the resolved policies along', () => {
    expect(parseBundledConfig(read(BUNDLED_CONFIG))).toEqual(JSON.parse(JSON.stringify(config)));
  });

  it('is the same for the same sources, so that nothing is deployed for nothing', () => {
    const again = join(root, 'two');
    bundleFunction('gateway-handler', config, again);
    expect(filesOf(again)).toEqual(filesOf(folder));
  });

  it.each([
    ['the AWS clients', /DynamoDB_20120810|secretsmanager\.GetSecretValue|Firehose_20150804/],
    ['the HTTP client for upstreams', /ClientDestroyedError/],
    ["OpenTelemetry's libraries", /OTLPExporterError/],
    ['the engine of custom patterns', /invalid nested repetition operator|RE2JSSyntaxException/],
  ])('loads %s only when needed', (_case, mark) => {
    const marked = filesOf(folder).filter((name) => mark.test(read(name)));
    expect(marked).not.toEqual([]);
    expect(marked.filter((name) => loadedAtStart('gateway-handler.mjs').has(name))).toEqual([]);
  });

  it.each([
    ['the YAML parser', /YAMLParseError/],
    ['the schemas', /ZodError/],
  ])('leaves %s at home', (_case, mark) => {
    expect(filesOf(folder).filter((name) => mark.test(read(name)))).toEqual([]);
  });

  it("imports none of Node's modules in a way that evaluates all of it", () => {
    const imports = filesOf(folder).flatMap((name) =>
      name.endsWith('.mjs')
        ? [...read(name).matchAll(/from\s?["'](node:[^"']+)["']/g)].map(([, from]) => from)
        : [],
    );
    expect(new Set(imports)).toEqual(new Set(['node:module']));
  });
});

describe('a bundled configuration', () => {
  it.each([
    ['a list', '[]'],
    ['a policy file that was not resolved', '{"pack": {}, "policies": {}}'],
    ['nothing', 'null'],
  ])('is refused when it is %s', (_case, text) => {
    expect(() => parseBundledConfig(text)).toThrow(/no resolved policy configuration.*deploy again/);
  });
});
