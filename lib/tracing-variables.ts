/** OpenTelemetry's variables for the function, given with `-c NAME=value` under their own names. */
import type { Node } from 'constructs';
import { readTracingSettings, TRACING_HEADERS_NAME } from '../lambda/config/tracing-settings.ts';

/** What the function, or the libraries in it, reads. */
const PASSED: readonly string[] = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_PROTOCOL',
  'OTEL_EXPORTER_OTLP_TIMEOUT',
  'OTEL_EXPORTER_OTLP_COMPRESSION',
  'OTEL_SERVICE_NAME',
  'OTEL_RESOURCE_ATTRIBUTES',
  'OTEL_TRACES_SAMPLER',
  'OTEL_TRACES_SAMPLER_ARG',
  'OTEL_SDK_DISABLED',
];

/**
 * Reads them from the context of the app; empty ones count as absent. Variables of the machine that deploys are not
 * looked at: they are about that machine.
 * @throws Error that names the setting, and what is allowed.
 */
export function readTracingVariables(node: Node): Readonly<Record<string, string>> {
  const given = Object.entries(contextOf(node)).filter(([name]) => name.startsWith('OTEL_'));
  const variables: Record<string, string> = {};
  for (const [name, value] of given) {
    if (/^OTEL_EXPORTER_OTLP_(TRACES_)?HEADERS$/.test(name)) {
      throw new Error(
        `-c ${name}=…: headers are secret and do not belong into a template; put them into the stack's secret ` +
          `(output UpstreamSecret) under the name ${TRACING_HEADERS_NAME}`,
      );
    }
    if (!PASSED.includes(name)) throw new Error(`-c ${name}=…: allowed of OTEL_ are ${PASSED.join(', ')}`);
    if (typeof value === 'string' || typeof value === 'number') variables[name] = String(value);
  }
  check(variables);
  return variables;
}

/** What the function would pass over, or serve without, is refused here, where somebody reads it. */
function check(variables: Readonly<Record<string, string>>): void {
  const reading = readTracingSettings(variables);
  if (reading.kind === 'unusable') throw new Error(`-c ${reading.reason}`);
  const [warning] = reading.kind === 'on' ? reading.warnings : [];
  if (warning !== undefined) throw new Error(`-c ${warning}`);
}

function contextOf(node: Node): Record<string, unknown> {
  const context: unknown = node.getAllContext();
  return typeof context === 'object' && context !== null ? { ...context } : {};
}
