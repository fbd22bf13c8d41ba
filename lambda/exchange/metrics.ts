/** The gateway's own counters, as GET /metrics shows them in Prometheus' text format. */
import type { CaptureOutcome } from '../audit/capture-sink.ts';
import type { DecisionEvent } from '../audit/decision-event.ts';

/** Upper bounds in seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

interface Histogram {
  readonly counts: number[];
  sum: number;
  count: number;
}

type Labels = Readonly<Record<string, string>>;

interface Counter {
  readonly labels: Labels;
  value: number;
}

export class Metrics {
  requests = 0;
  private readonly counters = new Map<string, Map<string, Counter>>();
  private readonly duration: Histogram = { counts: BUCKETS.map(() => 0), sum: 0, count: 0 };

  /** Counts one decided request. */
  count(event: DecisionEvent): void {
    this.requests += 1;
    const provider = event.provider ?? 'none';
    const model = event.model ?? 'none';
    this.add('requests_total', { provider, model, status: String(event.http_status) }, 1);
    for (const { kind, verdict } of event.policy_results) {
      this.add('policy_evaluations_total', { policy: kind, result: verdict }, 1);
    }
    if (event.input_tokens > 0) this.add('tokens_total', { direction: 'input', model }, event.input_tokens);
    if (event.output_tokens > 0)
      this.add('tokens_total', { direction: 'output', model }, event.output_tokens);
    this.observe(event.latency_total_ms / 1000);
  }

  /** Counts one request whose texts were to be captured. */
  countCapture(outcome: CaptureOutcome): void {
    this.add('captures_total', { outcome }, 1);
  }

  /** @param extra further lines, e.g. of the circuits. */
  text(extra: readonly string[] = []): string {
    const lines: string[] = [];
    for (const [name, help] of NAMES) {
      const full = `keeptrusts_gateway_${name}`;
      lines.push(`# HELP ${full} ${help}`, `# TYPE ${full} counter`);
      for (const { labels, value } of this.counters.get(name)?.values() ?? []) {
        lines.push(`${full}{${labelText(labels)}} ${value}`);
      }
    }
    return [...lines, ...this.durationLines(), ...extra, ''].join('\n');
  }

  private add(name: string, labels: Labels, value: number): void {
    let counters = this.counters.get(name);
    if (counters === undefined) this.counters.set(name, (counters = new Map<string, Counter>()));
    const counter = counters.get(keyOf(labels)) ?? open(counters, labels);
    counter.value += value;
  }

  private observe(seconds: number): void {
    const { duration } = this;
    duration.sum += seconds;
    duration.count += 1;
    const bucket = BUCKETS.findIndex((bound) => seconds <= bound);
    if (bucket !== -1) duration.counts[bucket] = (duration.counts[bucket] ?? 0) + 1;
  }

  private durationLines(): readonly string[] {
    const name = 'keeptrusts_gateway_request_duration_seconds';
    const { counts, sum, count } = this.duration;
    let total = 0;
    const buckets = BUCKETS.map((bound, index) => {
      total += counts[index] ?? 0;
      return `${name}_bucket{le="${bound}"} ${total}`;
    });
    return [
      `# HELP ${name} Wall clock of requests to API routes.`,
      `# TYPE ${name} histogram`,
      ...buckets,
      `${name}_bucket{le="+Inf"} ${count}`,
      `${name}_sum ${sum}`,
      `${name}_count ${count}`,
    ];
  }
}

/** A caller picks the model's name: it must not be able to grow the table without end. */
const MAX_SERIES = 1000;
/** Of a label's value, for the same reason. */
const MOST_LETTERS = 200;

function open(counters: Map<string, Counter>, wanted: Labels): Counter {
  const labels = counters.size < MAX_SERIES ? cut(wanted) : { ...wanted, model: 'other' };
  const key = keyOf(labels);
  const counter = counters.get(key) ?? { labels, value: 0 };
  counters.set(key, counter);
  return counter;
}

/** All counters of a name have the same labels in the same order, and values that are shown alike are one. */
function keyOf(labels: Labels): string {
  let key = '';
  for (const name in labels) key += `${labels[name]?.slice(0, MOST_LETTERS)}\0`;
  return key;
}

function cut(labels: Labels): Labels {
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [name, value.slice(0, MOST_LETTERS)]),
  );
}

const NAMES: readonly (readonly [string, string])[] = [
  ['requests_total', 'Decided requests.'],
  ['policy_evaluations_total', 'Verdicts by policy.'],
  ['tokens_total', 'Model tokens.'],
  ['captures_total', 'Requests whose redacted texts were to be kept.'],
];

/** Label values escaped as the text format asks. */
export function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escapeLabel(value)}"`)
    .join(',');
}

function escapeLabel(value: string): string {
  return value.slice(0, MOST_LETTERS).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
