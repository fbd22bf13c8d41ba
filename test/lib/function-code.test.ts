/** The code of functions as the CDK stages it: each function gets its own, though all are made from one folder. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { expect, it } from 'vitest';
import { BUNDLED_CONFIG, parseBundledConfig } from '../../lambda/config/bundled-config.ts';
import { functionCode } from '../../lib/function-bundle.ts';
import { aConfig } from '../support/test-app.ts';

it('functions in one app have a bundle for each handler and each policy file', { timeout: 120_000 }, () => {
  const app = new App();
  const stack = new Stack(app, 'Test');
  const wanted = [
    ['gateway-handler', 'one'],
    ['probe-handler', 'one'],
    ['probe-handler', 'two'],
  ] as const;
  const ids = wanted.map(([entry, hash]) => {
    const code = functionCode(entry, { ...aConfig(), hash });
    const handler = `${entry}.handler`;
    return new Function(stack, `${entry}-${hash}`, { runtime: Runtime.NODEJS_24_X, handler, code }).node.id;
  });
  const { directory } = app.synth();
  const bundles = readdirSync(directory)
    .filter((name) => name.startsWith('asset.'))
    .map((name) => {
      const folder = join(directory, name);
      const entries = readdirSync(folder).filter((file) => file.endsWith('-handler.mjs'));
      const { hash } = parseBundledConfig(readFileSync(join(folder, BUNDLED_CONFIG), 'utf8'));
      return `${entries.join().replace('.mjs', '')}-${hash}`;
    });
  expect(bundles.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(ids);
});
