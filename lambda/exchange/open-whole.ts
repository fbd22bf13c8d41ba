/** Reads and judges a whole reply of upstream. */
import { ProblemError } from '../http/problem.ts';
import { isErrorFrame } from '../upstream/aimlapi-errors.ts';
import { mergeFacts, replyFactsOfBody } from '../upstream/aimlapi-reply.ts';
import type { UpstreamReply } from '../upstream/upstream-call.ts';
import { editJson } from '../wire/edit-json.ts';
import { readDocument } from '../wire/read-document.ts';
import type { JsonObject } from '../wire/json-value.ts';
import { malformed } from './call-end.ts';
import type { CallEnd } from './call-target.ts';
import { frameFailure } from './error-frame.ts';
import type { Exchange } from './exchange.ts';
import { blockProblem, editsOf, judgeTexts, noteRedactions } from './judge-input.ts';
import { KeptTexts } from './kept-texts.ts';
import { LaneLog } from './lane-log.ts';
import { estimateUsage } from './record.ts';
import { readText } from './read-text.ts';

export interface OpenWhole {
  readonly kind: 'whole';
  readonly text: string;
  /** Of upstream, for the caller. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Throws what the body throws. */
export async function openWhole(exchange: Exchange, reply: UpstreamReply): Promise<CallEnd> {
  const limit = exchange.runtime.config.sizeLimits.maxResponseBytes;
  const { text, isCut } = await readText(reply.body, limit);
  if (isCut) {
    const message = `upstream's reply is larger than ${limit} bytes (size_limits.max_response_bytes)`;
    return { kind: 'failed', ...malformed(reply.status, message) };
  }
  const chunk = readDocument(text);
  if (chunk === undefined) return { kind: 'failed', ...malformed(reply.status) };
  if (isErrorFrame(chunk.data)) return { kind: 'failed', ...frameFailure(chunk.data, reply.status) };
  return {
    kind: 'open',
    reply: { kind: 'whole', headers: reply.headers, text: await judge(exchange, chunk.text, chunk.data) },
  };
}

/** The reply as the caller gets it. Throws ProblemError output_blocked. */
async function judge(exchange: Exchange, text: string, data: JsonObject): Promise<string> {
  const { record, chain, runtime } = exchange;
  const { format } = record;
  record.facts = mergeFacts(replyFactsOfBody(data), record.facts);
  record.finishReason = format.replyFinishReason(data) ?? null;
  chain.reopenOutput();
  const outcome = await judgeTexts(chain, 'output', format.replyTexts(data, text));
  if (outcome.blockedBy !== undefined) {
    record.blockedPhase = 'output';
    throw new ProblemError(blockProblem('output', outcome.blockedBy));
  }
  noteRedactions(record, 'output', outcome.texts);
  const captured = record.draft === undefined ? undefined : new KeptTexts();
  const lanes = new LaneLog(runtime.services.createDigest, false, captured);
  for (const { source, pieces } of outcome.texts) {
    if (source.isRepetition !== true) for (const piece of pieces) lanes.onText(source, piece);
  }
  if (record.draft !== undefined && captured !== undefined) record.draft.answer = captured;
  record.outputHash = lanes.outputHash();
  estimateUsage(
    record,
    outcome.texts.reduce((sum, judged) => sum + judged.text.length, 0),
  );
  return editJson(text, [...format.replyRepairs(data), ...editsOf(outcome.texts)]);
}
