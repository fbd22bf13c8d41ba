/** The dependency rule of the house: a file imports from its own layer or from one below, never from above. */
import { readFileSync, globSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/** From the ground up. A folder, or a single file, belongs to the first layer that names it. */
const LAYERS = [
  ['lambda/config'],
  // The circuit stores keep what routing's pure state machines compute: adapters around a core, so side by side.
  ['lambda/wire', 'lambda/detectors', 'lambda/upstream', 'lambda/routing', 'lambda/state'],
  ['lambda/policies', 'lambda/audit', 'lambda/tracing'],
  ['lambda/services.ts', 'lambda/http', 'lambda/relay'],
  ['lambda/exchange', 'lambda/probes'],
  ['lambda/gateway.ts'],
  [
    'lambda/local',
    'lambda/aws-checkpoint.ts',
    'lambda/aws-probes.ts',
    'lambda/aws-seal.ts',
    'lambda/aws-services.ts',
    'lambda/aws-tracing.ts',
    'lambda/checkpoint-handler.ts',
    'lambda/gateway-handler.ts',
    'lambda/probe-handler.ts',
    'lambda/seal-handler.ts',
  ],
  ['lib'],
  ['bin'],
  ['bench'],
];

const PURE = ['lambda/wire', 'lambda/detectors', 'lambda/routing', 'lambda/policies'];

/** Packages that only the named places may import. */
const GUARDED: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^aws-cdk-lib|^constructs|^cdk-nag/, ['lib', 'bin/app.ts']],
  [/^@aws-sdk\//, ['lambda/state', 'lambda/audit', 'bin/commands', 'bin/aws']],
  [/^undici/, ['lambda/upstream', 'bin', 'bench']],
  [/^@opentelemetry\//, ['lambda/tracing']],
  [/^(zod|yaml)$/, ['lambda/config']],
];

interface Source {
  readonly file: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const sources: readonly Source[] = ['lambda', 'lib', 'bin', 'bench']
  .flatMap((folder) => globSync(`${folder}/**/*.ts`))
  .map((file) => {
    const text = readFileSync(file, 'utf8');
    const imports = [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map((match) => match[1] ?? '');
    return { file, text, imports };
  });

const isWithin = (file: string, place: string): boolean => file === place || file.startsWith(`${place}/`);
const layerOf = (file: string): number =>
  LAYERS.findIndex((places) => places.some((place) => isWithin(file, place)));

describe('the architecture', () => {
  it.each(sources.map(({ file }) => file))('%s belongs to a layer', (file) => {
    expect(layerOf(file)).toBeGreaterThanOrEqual(0);
  });

  it('imports only sideways or downwards', () => {
    const upward = sources.flatMap(({ file, imports }) =>
      imports
        .filter((name) => name.startsWith('.'))
        .map((name) => normalize(join(dirname(file), name)))
        .filter((imported) => layerOf(imported) > layerOf(file))
        .map((imported) => `${file} -> ${imported}`),
    );
    expect(upward).toEqual([]);
  });

  it('imports guarded packages only where they belong', () => {
    const strays = sources.flatMap(({ file, imports }) =>
      imports.flatMap((name) =>
        GUARDED.filter(
          ([pattern, places]) => pattern.test(name) && !places.some((place) => isWithin(file, place)),
        ).map(() => `${file} -> ${name}`),
      ),
    );
    expect(strays).toEqual([]);
  });

  it('keeps the pure layers free of I/O, clocks and chance', () => {
    const impure = sources
      .filter(({ file }) => PURE.some((place) => isWithin(file, place)))
      .filter(
        ({ text, imports }) =>
          imports.some((name) => /^node:(fs|net|http|https|child_process|dns)/.test(name)) ||
          /\bDate\.now\(|\bMath\.random\(|\bnew Date\(\)|\bfetch\(|\bperformance\./.test(text),
      )
      .map(({ file }) => file);
    expect(impure).toEqual([]);
  });

  it('reads process.env only in the entries and in config/environment.ts', () => {
    const readers = sources
      .filter(({ text }) => /\bprocess\.env\b/.test(text))
      .map(({ file }) => file)
      .filter((file) => file.startsWith('lambda/') && !/-handler\.ts$|config\/environment\.ts$/.test(file));
    expect(readers).toEqual([]);
  });
});
