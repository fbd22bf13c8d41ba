/** Runs the chain over a request's texts before anything goes upstream. */
import { problem, ProblemError } from '../http/problem.ts';
import type { ReadBody } from '../http/read-body.ts';
import type { Chain, ChainOutcome } from '../policies/chain.ts';
import type { JudgedText } from '../policies/judge-text.ts';
import type { BlockedBy } from '../policies/stage.ts';
import { PolicyFailure } from '../policies/stage.ts';
import { wholeEdits } from '../relay/text-edits.ts';
import type { Services } from '../services.ts';
import type { JsonEdit } from '../wire/edit-json.ts';
import type { Phase } from '../wire/lane.ts';
import type { LocatedText } from '../wire/wire-format.ts';
import { KeptTexts } from './kept-texts.ts';
import type { ExchangeRecord } from './record.ts';

/** The edits that the policies ask for. Throws ProblemError: input_blocked or policy_error. */
export async function judgeInput(
  services: Services,
  record: ExchangeRecord,
  chain: Chain,
  { data, text: source }: ReadBody,
): Promise<readonly JsonEdit[]> {
  const texts = record.format.requestTexts(data, source);
  record.promptHash = once(() => digestOf(services, texts));
  for (const { text } of texts) record.promptLength += text.length;
  const outcome = await judgeTexts(chain, 'input', texts);
  if (outcome.blockedBy !== undefined) {
    record.blockedPhase = 'input';
    throw new ProblemError(blockProblem('input', outcome.blockedBy));
  }
  noteRedactions(record, 'input', outcome.texts);
  keepPrompt(record, outcome.texts);
  record.promptRedacted = outcome.texts.some(({ isChanged }) => isChanged);
  return editsOf(outcome.texts);
}

function keepPrompt({ draft }: ExchangeRecord, texts: readonly JudgedText[]): void {
  if (draft === undefined) return;
  draft.prompt = new KeptTexts();
  for (const { source, pieces } of texts) {
    if (source.isRepetition !== true) for (const piece of pieces) draft.prompt.add(source, piece);
  }
}

/** Throws ProblemError policy_error when a policy failed and the fail mode is block. */
export async function judgeTexts(
  chain: Chain,
  phase: Phase,
  texts: readonly LocatedText[],
): Promise<ChainOutcome> {
  try {
    return await chain.judge(phase, texts);
  } catch (cause) {
    throw policyProblem(cause);
  }
}

/** A policy's failure as the caller's problem; anything else as it is. */
export function policyProblem(cause: unknown): unknown {
  if (!(cause instanceof PolicyFailure)) return cause;
  const details = { policy: cause.kind, reasonCode: 'policy.error' };
  return new ProblemError(problem('policy_error', `the policy ${cause.kind} failed`, details), { cause });
}

export function blockProblem(phase: Phase, { kind, objection }: BlockedBy) {
  const code = phase === 'input' ? 'input_blocked' : 'output_blocked';
  return problem(code, objection.message, { policy: kind, reasonCode: objection.reason });
}

/** What changed, as edits of the document that the texts were read from. */
export function editsOf(texts: readonly JudgedText[]): readonly JsonEdit[] {
  return texts.flatMap(({ source, pieces, isChanged }) => (isChanged ? wholeEdits(source, pieces) : []));
}

export function noteRedactions({ places }: ExchangeRecord, phase: Phase, texts: readonly JudgedText[]): void {
  for (const { source, pieces } of texts) {
    if (source.isRepetition === true) continue;
    let offset = 0;
    for (const { length, mark } of pieces) {
      const [start, end] = [offset, offset + length];
      offset = end;
      if (mark === undefined || mark.restored === true) continue;
      places.add({ end, lane: source.lane.path, phase, start, type: mark.type }, mark.continues);
    }
  }
}

function once<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => (known ??= { value: compute() }).value;
}

/** HMAC over all texts in order, each followed by a NUL. */
export function digestOf(services: Services, texts: readonly { readonly text: string }[]): string | null {
  if (texts.length === 0) return null;
  const digest = services.createDigest();
  for (const { text } of texts) digest.update(`${text}\0`);
  return digest.hex();
}
