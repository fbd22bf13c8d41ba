/** How the tour looks. */
import type { ChainedEvent } from '../../lambda/audit/decision-event.ts';
import type { Verification } from '../../lambda/audit/verification.ts';
import { count, type Paint, type PaintFormat } from '../terminal.ts';
import type { Claim, Outcome, Step } from './steps.ts';

const LABEL_WIDTH = 10;
const VERDICTS: Readonly<Record<ChainedEvent['verdict'], PaintFormat>> = {
  allow: 'green',
  redact: 'yellow',
  escalate: 'yellow',
  block: 'red',
  error: 'red',
};

/** A line with its label, indented. */
export function labelled(paint: Paint, label: string, text: string): string {
  return `  ${paint('dim', label.padEnd(LABEL_WIDTH))} ${text}\n`;
}

/** What stands before the answer: title, point, question. */
export function heading(paint: Paint, number: number, { title, point, question, stream }: Step): string {
  const head = `\n${paint('bold', paint('cyan', `${number}  ${title}`))}  ${paint('dim', point)}\n`;
  return head + labelled(paint, stream ? 'you, live' : 'you', question);
}

/** Markers stand out, so that the eye finds them. */
export function showMarkers(paint: Paint, text: string): string {
  return text.replaceAll(/\[[A-Z_]+_REDACTED\]/g, (marker) => paint('yellow', marker));
}

/** What upstream was asked; nothing, when it was not. */
export function askedLine(paint: Paint, asked: readonly string[]): string {
  const last = asked.at(-1);
  const times = asked.length > 1 ? paint('dim', ` (${count(asked.length, 'call')})`) : '';
  const text = last === undefined ? paint('dim', 'nothing: it was not called') : showMarkers(paint, last);
  return labelled(paint, 'upstream', text + times);
}

/** What the caller got, unless it was shown while it came. */
export function answerLine(paint: Paint, { status, text, code, message }: Outcome): string {
  if (status === 200) return labelled(paint, 'answer', showMarkers(paint, text));
  return labelled(paint, 'answer', `${paint('red', `${status} ${code}`)}  ${message}`);
}

/** The decision event in short. */
export function eventLine(paint: Paint, event: ChainedEvent | undefined): string {
  if (event === undefined) return labelled(paint, 'event', paint('red', 'none was left'));
  const parts = [
    paint(VERDICTS[event.verdict], event.verdict),
    event.reason_code,
    ...findings(event),
    ...event.attempts.map(({ target_id: id, status, error }) => `${id} ${status ?? error ?? ''}`),
    ...(event.total_tokens > 0 ? [`${event.input_tokens}+${event.output_tokens} tokens`] : []),
    ...(event.cost_usd > 0 ? [`$${event.cost_usd.toFixed(6)}`] : []),
    `${event.latency_total_ms.toFixed(1)} ms, ${event.latency_gateway_ms.toFixed(1)} ours`,
  ];
  return labelled(paint, 'event', `${parts.join(paint('dim', ' · '))}  ${paint('dim', event.event_id)}`);
}

function findings({ redactions }: ChainedEvent): readonly string[] {
  const types = redactions.map(({ type }) => type);
  return [...new Set(types)].map((type) => `${types.filter((other) => other === type).length} ${type}`);
}

/** What was shown, and whether it was so. */
export function claimLines(paint: Paint, claims: readonly Claim[]): string {
  const mark = ({ says, holds }: Claim): string =>
    holds ? `${paint('green', '✓')} ${says}` : paint('red', `✗ not so: ${says}`);
  return labelled(paint, '', claims.map(mark).join('  '));
}

/** What `kt events verify` says of the tour's evidence. */
export function verificationLines(paint: Paint, result: Verification): string {
  const { ok, events, writers, fault_count: faults } = result;
  const said = ok
    ? paint('green', `${count(events, 'event')} in ${count(writers, 'chain')}, every link holds`)
    : paint('red', `${count(faults, 'fault')} in ${count(events, 'event')}`);
  return `\n${paint('bold', paint('cyan', 'Evidence'))}  ${paint('dim', 'Each event is hashed together with the one before it (kt events verify).')}\n${labelled(paint, 'verify', said)}`;
}
