/** Loaded before a program: when it ends, one line on stderr names the modules of OpenTelemetry that it has asked for. */
import { registerHooks } from 'node:module';

/** @type {Set<string>} */
const asked = new Set();
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    if (/opentelemetry|otlp-tracing/.test(found.url)) asked.add(found.url.replace(/.*\//, ''));
    return found;
  },
});
process.on('exit', () => process.stderr.write(`asked for: ${[...asked].join(' ') || 'none'}\n`));
