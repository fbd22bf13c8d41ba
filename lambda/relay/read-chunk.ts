/** Reads the data of a stream's frames in their wire format. */
import type { JsonObject } from '../wire/json-value.ts';
import { readDocument } from '../wire/read-document.ts';
import type { ChunkReading, WireFormat } from '../wire/wire-format.ts';
import { ChunkMoulds, type ReadText } from './chunk-mould.ts';
import { withData } from './sse-frame.ts';
import type { SseFrame } from './sse-frame.ts';

export interface Chunk {
  readonly source: SseFrame;
  /** The JSON text of its data. */
  readonly text: string;
  /** Its data, or, for the text of a lane, data of the same shape. */
  readonly data: JsonObject;
  readonly reading: ChunkReading;
}

/** A chunk of a known shape, which is read without parsing it. */
export interface TextChunk extends ReadText {
  readonly source: SseFrame;
  /** The JSON text of its data. */
  readonly text: string;
}

export type ReadFrame =
  | ({ readonly kind: 'chunk' } & Chunk)
  | ({ readonly kind: 'text' } & TextChunk)
  | { readonly kind: 'error'; readonly data: JsonObject }
  /** No JSON object, or nested deeper than anybody needs. */
  | { readonly kind: 'unreadable' };

export class ChunkReader {
  private readonly format: WireFormat;
  private readonly isErrorFrame: (data: JsonObject) => boolean;
  private readonly moulds = new ChunkMoulds();

  constructor(format: WireFormat, isErrorFrame: (data: JsonObject) => boolean) {
    this.format = format;
    this.isErrorFrame = isErrorFrame;
  }

  /** @param json the data of the frame. */
  read(source: SseFrame, json: string): ReadFrame {
    const known = this.moulds.read(source.event, json);
    if (known !== undefined) {
      return { kind: 'text', source, text: json, data: known.data, delta: known.delta, shape: known.shape };
    }
    const document = readDocument(json);
    if (document === undefined) return { kind: 'unreadable' };
    const { text, data } = document;
    if (this.isErrorFrame(data)) return { kind: 'error', data };
    const reading = this.format.readChunk(data, source.event, text);
    if (text !== json) {
      return {
        kind: 'chunk',
        source: { ...source, raw: withData(source, text), data: text },
        text,
        data,
        reading,
      };
    }
    this.moulds.learn(source.event, json, { data, reading });
    return { kind: 'chunk', source, text, data, reading };
  }
}

/** What the chunk says, as if it had been parsed. */
export function asChunk({ source, text, data, delta, shape }: TextChunk): Chunk {
  return { source, text, data, reading: { ...shape, deltas: [delta] } };
}
