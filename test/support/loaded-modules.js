/**
 * Loaded before a program: names on stderr each module of OpenTelemetry that it asks for, and when it ends, all.
 * In a bundle they stand in the chunk of the module that needs them.
 */
import { registerHooks } from 'node:module';

/** @type {Set<string>} */
const asked = new Set();
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const name = found.url.replace(/.*\//, '');
    if (/opentelemetry|otlp-tracing/.test(found.url) && !asked.has(name)) {
      asked.add(name);
      process.stderr.write(`asks for: ${name}\n`);
    }
    return found;
  },
});
process.on('exit', () => process.stderr.write(`asked for: ${[...asked].join(' ') || 'none'}\n`));
