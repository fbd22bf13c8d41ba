/** Keeps V8 from taking memory for speed alone: a gateway shares its machine, and most of what it allocates dies young. */
import { subscribe } from 'node:diagnostics_channel';
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/**
 * Of the young generation, both halves; V8 alone goes up to 128 MiB under load. Measured side by side, 64 streams of 500
 * chunks: 172 MB at the peak instead of 329, for a sixth of the requests a second (1,120 and 1,320).
 */
const YOUNG_BYTES = 8 * 1024 * 1024;

/**
 * With many short requests at once, what belongs to each outlives the collections of a small young generation and is
 * copied again and again. Twice the size takes 10 MB more and gives 5 % more requests a second at a concurrency of 64.
 */
const BUSY = { requestsPerSecond: 250, youngBytes: 2 * YOUNG_BYTES } as const;

/** The young generation's limit in bytes, after so many requests in so many milliseconds. */
export const youngLimit = (requests: number, ms: number): number =>
  requests * 1000 > BUSY.requestsPerSecond * ms ? BUSY.youngBytes : YOUNG_BYTES;

/** Between two looks at how busy the process is, and whether V8 took the young generation back after a quiet time. */
const LOOK_MS = 1000;

/**
 * WebAssembly is compiled once, by the quick compiler. All there is of it is undici's parser, whose largest function
 * takes the thorough compiler some 25 MB at once, while the first requests are served; requests get no quicker by it.
 * At the start of a process the first of these flags implies the others, later it does not.
 */
const ONE_COMPILER = ['--liftoff-only', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering'];

/**
 * For the rest of the process. To be called when everything is loaded and Node's cache of compiled code is written, for
 * V8 takes no cached code from a process with other flags. If undici's parser is compiled before, its memory is lost, and
 * nothing else. The flags are read at each collection and each compilation, so they need no start of their own.
 */
export function boundMemory(): void {
  for (const flag of ONE_COMPILER) setFlagsFromString(flag);
  // The old generation is collected again when it has grown by half, not when it is four times as large.
  setFlagsFromString('--heap-growing-percent=50');
  boundYoung();
}

/** It grows at the end of a collection, which is watched for until it has its size: Node's report of each takes 0.3 ms. */
function boundYoung(): void {
  let mostBytes = YOUNG_BYTES;
  let isWatched = false;
  const watch = new PerformanceObserver(() => adjust());
  const adjust = (): void => {
    const mayGrow = youngBytes() < mostBytes;
    setFlagsFromString(`--semi-space-growth-factor=${mayGrow ? 2 : 1}`);
    if (mayGrow === isWatched) return;
    isWatched = mayGrow;
    if (mayGrow) watch.observe({ entryTypes: ['gc'] });
    else watch.disconnect();
  };
  adjust();
  let requests = 0;
  subscribe('http.server.request.start', () => (requests += 1));
  setInterval(() => {
    mostBytes = youngLimit(requests, LOOK_MS);
    requests = 0;
    adjust();
  }, LOOK_MS).unref();
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? 0;
}
