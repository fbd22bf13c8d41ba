import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);

/** Calls a function over and over; printed is after how many calls V8's best compiler has taken it up. */
const CALLS = `
import { setImmediate } from 'node:timers/promises';
import { optimizeSooner } from ${JSON.stringify(resolve('bin/gateway-run/optimize-sooner.ts'))};
if (process.argv[1] === 'sooner') optimizeSooner();
const TURBOFANNED = 1 << 6;
const words = (text) => { let count = 0; for (let i = 0; i < text.length; i++) if (text[i] === ' ') count++; return count; };
let calls = 0;
while (calls < 20_000 && (%GetOptimizationStatus(words) & TURBOFANNED) === 0) {
  words('a few words as there are in many texts ');
  calls += 1;
  await setImmediate();
}
console.log(calls);`;

// Compiled where it is called, so that the count does not depend on how busy the machine is.
const FLAGS = ['--allow-natives-syntax', '--no-concurrent-recompilation', '--input-type=module'];

const callsOf = async (mode: string): Promise<number> =>
  Number((await run(process.execPath, [...FLAGS, '-e', CALLS, mode])).stdout);

it('what runs often is optimized after fewer calls than V8 waits for by itself', async () => {
  const [sooner, byItself] = [await callsOf('sooner'), await callsOf('byItself')];
  expect(sooner).toBeLessThan(byItself);
});
