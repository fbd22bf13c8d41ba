/** One decision event as one line for people. */
import type { DecisionEvent, EventVerdict } from '../../lambda/audit/decision-event.ts';
import type { Paint, PaintFormat } from '../terminal.ts';

const COLOURS: Readonly<Record<EventVerdict, PaintFormat>> = {
  allow: 'green',
  redact: 'yellow',
  block: 'red',
  escalate: 'magenta',
  error: 'red',
};

/** Time, verdict, status, route, target and model, what was found, tokens, cost, time taken, id. */
export function eventLine(event: DecisionEvent, paint: Paint): string {
  const parts = [
    paint('dim', event.timestamp.slice(0, 23).replace('T', ' ')),
    paint(COLOURS[event.verdict], event.verdict.padEnd(8)),
    String(event.http_status),
    `${event.route}${event.stream ? ' (stream)' : ''}`,
    whereOf(event),
    event.verdict === 'allow' ? '' : paint('bold', event.reason_code),
    foundIn(event),
    `${event.input_tokens}+${event.output_tokens} tokens`,
    event.cost_usd > 0 ? `$${costText(event.cost_usd)}` : '',
    `${Math.round(event.latency_total_ms)} ms`,
    paint('dim', event.event_id),
  ];
  return parts.filter((part) => part !== '').join('  ');
}

/** Callers choose some of these texts: no escape sequence of theirs reaches the terminal. */
function whereOf({ target_id: target, model, requested_model: requested, attempts }: DecisionEvent): string {
  const text = [target, model ?? requested].filter((part) => part !== null).join(' ');
  const tries = attempts.length > 1 ? ` after ${attempts.length} attempts` : '';
  return printable(text) + tries;
}

function foundIn({ policy_results: results, degraded, client_closed: closed }: DecisionEvent): string {
  const counts = new Map<string, number>();
  for (const { entities } of results) {
    for (const [type, number] of Object.entries(entities)) counts.set(type, (counts.get(type) ?? 0) + number);
  }
  const found = [...counts].map(([type, number]) => `${printable(type)} x${number}`);
  return [...found, ...(degraded ? ['degraded'] : []), ...(closed ? ['caller left'] : [])].join(', ');
}

function printable(text: string): string {
  const cut = text.length > 80 ? `${text.slice(0, 79)}…` : text;
  return cut.replaceAll(/\p{C}/gu, '\ufffd');
}

/** Two digits of what matters, never an exponent. */
function costText(usd: number): string {
  return usd >= 0.01 ? usd.toFixed(4) : usd.toFixed(Math.min(12, 1 - Math.floor(Math.log10(usd))));
}
