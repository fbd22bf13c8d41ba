import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);

/** Objects come and go as under load; printed is the most that the young generation took, in MiB. */
const LOAD = `
import { setImmediate } from 'node:timers/promises';
import { getHeapSpaceStatistics } from 'node:v8';
import { boundMemory } from ${JSON.stringify(resolve('bin/gateway-run/bound-memory.ts'))};
if (process.argv[1] === 'bounded') boundMemory();
let kept = [];
let most = 0;
for (let turn = 0; turn < 300; turn++) {
  for (let i = 0; i < 5000; i++) kept.push({ turn, i, list: [i] });
  if (kept.length > 100_000) kept = kept.slice(50_000);
  most = Math.max(most, getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size);
  await setImmediate();
}
console.log(most / 1024 / 1024);
process.exit();`;

const mostYoung = async (mode: string): Promise<number> =>
  Number((await run(process.execPath, ['--input-type=module', '-e', LOAD, mode])).stdout);

it('the young generation of a bounded process stays small under load', async () => {
  const [bounded, free] = [await mostYoung('bounded'), await mostYoung('free')];
  expect(bounded).toBeLessThanOrEqual(32);
  expect(free).toBeGreaterThan(bounded);
});
