/** What is known of a streamed reply so far. */
import type { BlockedBy } from '../policies/stage.ts';
import { isObject } from '../wire/json-value.ts';
import type { JsonObject } from '../wire/json-value.ts';
import type { ChunkReading } from '../wire/wire-format.ts';

/** Why a stream can't go on. */
export type StreamFault =
  | { readonly kind: 'blocked'; readonly by: BlockedBy }
  | { readonly kind: 'malformed'; readonly message: string }
  /** Upstream reported an error in the middle of its stream; `data` is what it said. */
  | { readonly kind: 'upstream_error'; readonly data: JsonObject };

export interface RelayProgress {
  /** Upstream sent content (whether or not it is released yet). */
  hasContent: boolean;
  /** A caller got, or gets with the text just returned, content. */
  hasReleased: boolean;
  /** The reply is complete: a finish reason, the format's last event, or [DONE]. */
  isComplete: boolean;
  finishReason?: string;
  /** The last usage, meta and model that upstream named, and the frame that completed the reply. */
  readonly facts: { model?: string; usage?: JsonObject; meta?: JsonObject; last?: JsonObject };
  /** UTF-16 units of released text, for an estimate when no usage comes. */
  releasedLength: number;
  /** What makes the reply complete for its reader: held back until the evidence is safe. */
  tail: string;
  fault?: StreamFault;
}

export function openProgress(): RelayProgress {
  return {
    hasContent: false,
    hasReleased: false,
    isComplete: false,
    facts: {},
    releasedLength: 0,
    tail: '',
  };
}

/** @param endsByFinish whether a finish reason completes a reply of this format. */
export function noteChunk(
  progress: RelayProgress,
  data: JsonObject,
  reading: ChunkReading,
  endsByFinish: boolean,
): void {
  noteFacts(progress.facts, data);
  if (reading.hasContent) progress.hasContent = true;
  if (reading.isFinal) progress.facts.last = data;
  if (reading.finishReason !== undefined) progress.finishReason = reading.finishReason;
  if (reading.isFinal || (reading.finishReason !== undefined && endsByFinish)) progress.isComplete = true;
}

function noteFacts(facts: RelayProgress['facts'], data: JsonObject): void {
  // Anthropic's first event has the message inside, and half of the usage with it.
  const inner = isObject(data['message']) ? data['message'] : undefined;
  for (const usage of [inner?.['usage'], data['usage']]) {
    if (isObject(usage)) facts.usage = { ...facts.usage, ...usage };
  }
  if (isObject(data['meta'])) facts.meta = data['meta'];
  const model = data['model'] ?? inner?.['model'];
  if (typeof model === 'string') facts.model ??= model;
}
