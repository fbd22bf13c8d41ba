/** Says where in the sources the frames of a stack trace are that stand in a build. */
import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { fileURLToPath } from 'node:url';

const BUILT_PLACE = /(file:\/\/[^\s():]+\.mjs):(\d+):(\d+)/g;

/** Reads source maps only now, so that they cost no start anything. Places without a map stay as they are. */
export function withSourcePositions(stack: string): string {
  const maps = new Map<string, SourceMap | undefined>();
  return stack.replaceAll(BUILT_PLACE, (place: string, file: string, line: string, column: string) => {
    if (!maps.has(file)) maps.set(file, readMap(file));
    const map = maps.get(file);
    const entry = map?.findEntry(Number(line) - 1, Number(column) - 1);
    if (map === undefined || entry === undefined || !('originalSource' in entry)) return place;
    const { originalSource, originalLine, originalColumn } = entry;
    const source = new URL(originalSource, map.payload.sourceRoot || file).href;
    return `${source}:${originalLine + 1}:${originalColumn + 1}`;
  });
}

function readMap(file: string): SourceMap | undefined {
  try {
    const map: unknown = JSON.parse(readFileSync(fileURLToPath(`${file}.map`), 'utf8'));
    return isSourceMap(map) ? new SourceMap(map) : undefined;
  } catch {
    return undefined;
  }
}

/** esbuild has written it; what is no map at all is told apart. */
function isSourceMap(value: unknown): value is SourceMapPayload {
  return typeof value === 'object' && value !== null && 'mappings' in value && 'sources' in value;
}
