/** Reads the data of one frame of a stream. */
import type { Document } from '../wire/read-document.ts';
import { readDocument } from '../wire/read-document.ts';
import { withData } from './sse-frame.ts';
import type { SseFrame } from './sse-frame.ts';

export interface Chunk extends Document {
  readonly source: SseFrame;
}

/** Undefined for what is no JSON object, or nested deeper than anybody needs. */
export function readChunk(source: SseFrame, data: string): Chunk | undefined {
  const document = readDocument(data);
  if (document === undefined) return undefined;
  const isAsItCame = document.text === data;
  return {
    ...document,
    source: isAsItCame ? source : { ...source, raw: withData(source, document.text), data: document.text },
  };
}
