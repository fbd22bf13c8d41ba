/** Hands the texts of a request over to be captured, once its event is stored; see docs/events.md, Captures. */
import { CAPTURE_VERSION, type Capture, type CapturedTexts, type Withheld } from '../audit/capture.ts';
import type { DecisionEvent } from '../audit/decision-event.ts';
import type { KeptTexts } from './kept-texts.ts';
import type { ExchangeRecord } from './record.ts';
import type { RedactTexts } from './redact-texts.ts';
import type { Runtime } from './runtime.ts';

/** What is kept of a request whose texts are to be captured. */
export interface CaptureDraft {
  /** Absent until the policies let the request go on. */
  prompt?: KeptTexts;
  /** Absent until a target's answer can be sent. */
  answer?: KeptTexts;
}

const DAY_MS = 86_400_000;

/** Does nothing for a request that did not reach its policies. Never throws, waits for nothing. */
export function keepCapture(runtime: Runtime, record: ExchangeRecord, event: DecisionEvent): void {
  const { services, metrics, config, redactTexts } = runtime;
  const { draft } = record;
  if (services.captures === undefined || redactTexts === undefined || draft === undefined) return;
  // The details of allowed requests are not wanted: their texts are details, too.
  if (!config.audit.logAllAccess && event.verdict === 'allow') return;
  const isWhole = record.problem === undefined && !record.clientClosed;
  const expiresAt = new Date(record.startedAt + config.audit.captureRetentionDays * DAY_MS).toISOString();
  const make = async (): Promise<Capture> => {
    const prompt = await sideOf(draft.prompt, withheldFrom(record, 'input'), redactTexts, true);
    const answer = await sideOf(draft.answer, withheldFrom(record, 'output'), redactTexts, isWhole);
    return captureOf(event, prompt, answer, expiresAt);
  };
  void services.captures.keep(event.event_id, make).then((outcome) => metrics.countCapture(outcome));
}

function captureOf(
  event: DecisionEvent,
  prompt: CapturedTexts,
  answer: CapturedTexts,
  expiresAt: string,
): Capture {
  return {
    capture_version: CAPTURE_VERSION,
    event_id: event.event_id,
    request_id: event.request_id,
    timestamp: event.timestamp,
    config_version: event.config_version,
    config_hash: event.config_hash,
    route: event.route,
    stream: event.stream,
    requested_model: event.requested_model,
    verdict: event.verdict,
    reason_code: event.reason_code,
    prompt,
    answer,
    expires_at: expiresAt,
  };
}

/** What a policy objected to, or failed on, is not captured, nor anything beside it that nobody judged. */
function withheldFrom(
  { blockedPhase, problem, draft }: ExchangeRecord,
  phase: 'input' | 'output',
): Withheld | null {
  if (blockedPhase === phase) return 'blocked';
  const failedPhase = draft?.prompt === undefined ? 'input' : 'output';
  return problem?.code === 'policy_error' && failedPhase === phase ? 'policy_error' : null;
}

async function sideOf(
  kept: KeptTexts | undefined,
  withheld: Withheld | null,
  redactTexts: RedactTexts,
  isWhole: boolean,
): Promise<CapturedTexts> {
  if (withheld !== null || kept === undefined) return { withheld, texts: [] };
  try {
    return await redactTexts(kept, isWhole);
  } catch {
    return { withheld: 'redactor_error', texts: [] };
  }
}
