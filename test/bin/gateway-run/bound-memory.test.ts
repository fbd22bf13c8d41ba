import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { youngLimit } from '../../../bin/gateway-run/bound-memory.ts';

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

it.each([
  ['idle', 0, 8],
  ['at work', 250, 8],
  ['busy', 251, 16],
])('the young generation of a gateway that is %s may have its size', (_case, requests, mebibytes) => {
  expect(youngLimit(requests, 1000)).toBe(mebibytes * 1024 * 1024);
});

it('the young generation of a bounded process stays small under load', async () => {
  const [bounded, free] = [await mostYoung('bounded'), await mostYoung('free')];
  expect(bounded).toBeLessThanOrEqual(32);
  expect(free).toBeGreaterThan(bounded);
});

/** What V8's compilers take at once, in MiB: the quick one less than this, the thorough one more, for undici's parser. */
const BETWEEN = 12;

/** Requests go through undici's parser until the compilers have taken that much; printed is what they took at once. */
const PARSED = `
import { createServer } from 'node:http';
import { once } from 'node:events';
import { getHeapStatistics } from 'node:v8';
import { Pool } from ${JSON.stringify(resolve('node_modules/undici/index.js'))};
import { boundMemory } from ${JSON.stringify(resolve('bin/gateway-run/bound-memory.ts'))};
if (process.argv[1] === 'bounded') boundMemory();
const server = createServer((request, response) => response.end('an answer')).listen(0, '127.0.0.1');
await once(server, 'listening');
const pool = new Pool('http://127.0.0.1:' + server.address().port, { connections: 8 });
const ask = async () => (await pool.request({ path: '/', method: 'GET' })).body.text();
const taken = () => getHeapStatistics().peak_malloced_memory / 1024 / 1024;
const turns = Number(process.argv[2]);
for (let turn = 0; turn < turns && taken() < ${BETWEEN}; turn++) await Promise.all(Array.from({ length: 8 }, ask));
console.log(taken());
process.exit();`;

// Without the compilers of JavaScript, whose needs depend on what is called how often.
const FLAGS = ['--no-turbofan', '--no-maglev', '--input-type=module'];

const mostCompiling = async (mode: string, turns: number): Promise<number> =>
  Number((await run(process.execPath, [...FLAGS, '-e', PARSED, mode, String(turns)])).stdout);

it('the parser of undici is not compiled at the price of the memory of a whole gateway', async () => {
  expect(await mostCompiling('bounded', 500)).toBeLessThan(BETWEEN);
  // V8 compiles when it finds the time.
  expect(await mostCompiling('free', 20_000)).toBeGreaterThanOrEqual(BETWEEN);
});
