/** Rules of `providers.targets` that span several fields or several targets. */
import { readBaseUrl } from './base-url.ts';
import { type Finding, mistake, type Path } from './problem.ts';
import { readProvider, vendorDefaults } from './provider-name.ts';
import { showText, showValue } from './show.ts';
import { isMapping, listOf, type Mapping, mappingOf, textOf, valueAt } from './tree.ts';

const TARGETS: Path = ['providers', 'targets'];

/** Looks at every target, whatever else is wrong in the file. */
export function checkTargets(root: unknown): readonly Finding[] {
  const seen = new Map<string, number>();
  return listOf(valueAt(root, TARGETS)).flatMap((value, index) => {
    const path = [...TARGETS, index];
    const target = mappingOf(value);
    return [
      ...checkId(target, path, index, seen),
      ...checkProvider(target, path),
      ...checkBaseUrl(target, path),
      ...checkSecret(target, path),
      ...checkProbe(target, path),
    ];
  });
}

function checkId(target: Mapping, path: Path, index: number, seen: Map<string, number>): readonly Finding[] {
  const id = textOf(target['id']);
  if (id === undefined) return [];
  const first = seen.get(id);
  if (first === undefined) {
    seen.set(id, index);
    return [];
  }
  return [
    mistake('E005', [...path, 'id'], `the id is already that of providers.targets[${first}]`, {
      seen: showText(id),
      allowed: 'an id that no other target has',
      suggestion: 'rename one of the two',
    }),
  ];
}

function checkProvider(target: Mapping, path: Path): readonly Finding[] {
  const provider = textOf(target['provider']);
  if (provider === undefined) return [];
  const { name, model } = readProvider(provider);
  const findings: Finding[] = [];
  const written = textOf(target['model']);
  if (model !== undefined && written !== undefined && written !== model) {
    findings.push(
      mistake('E004', [...path, 'model'], 'model and the shorthand in provider differ', {
        seen: `${showText(written)} and ${showText(model)}`,
        allowed: 'one model',
        suggestion: 'write the model in one of the two places only',
      }),
    );
  }
  if (vendorDefaults(name) !== undefined) return findings;
  for (const field of ['base_url', 'secret_key_ref']) {
    if (target[field] !== undefined) continue;
    findings.push(
      mistake('E004', [...path, field], `${field} is required for the provider ${showText(name)}`, {
        allowed: field === 'base_url' ? 'an https URL' : '`{env: NAME}` or `{store: NAME}`',
        suggestion: `add ${field}; only aimlapi has a default`,
      }),
    );
  }
  return findings;
}

function checkBaseUrl(target: Mapping, path: Path): readonly Finding[] {
  const written = textOf(target['base_url']);
  if (written === undefined || written === '') return [];
  const url = readBaseUrl(written);
  if (url.ok) return [];
  return [
    mistake('E004', [...path, 'base_url'], url.reason, {
      seen: /[@?#]/.test(written) ? 'a URL that is not shown' : showText(written),
      allowed: 'an https URL without credentials, query and fragment (http for loopback addresses)',
      suggestion: url.fix,
    }),
  ];
}

function checkSecret(target: Mapping, path: Path): readonly Finding[] {
  const reference = target['secret_key_ref'];
  if (!isMapping(reference)) return [];
  const place = [...path, 'secret_key_ref'];
  const allowed = 'exactly one of `env` and `store`';
  const given = ['env', 'store'].filter((key) => reference[key] !== undefined);
  if (given.length === 0) {
    return [
      mistake('E004', place, 'secret_key_ref names nothing', { allowed, suggestion: 'add `env: NAME`' }),
    ];
  }
  if (given.length > 1) {
    return [
      mistake('E004', place, 'secret_key_ref names two places', {
        seen: 'env and store',
        allowed,
        suggestion: 'remove one',
      }),
    ];
  }
  return checkPastedKey(reference, place);
}

/** A key in place of the name of its variable would otherwise appear in every message that names the variable. */
function checkPastedKey(reference: Mapping, path: Path): readonly Finding[] {
  return ['env', 'store'].flatMap((key) => {
    const name = textOf(reference[key]);
    if (name === undefined || !/^[0-9a-f]{24,}$|^[A-Za-z0-9]{40,}$|^sk[-_]/i.test(name)) return [];
    return mistake('E004', [...path, key], 'this looks like the secret itself', {
      seen: showValue(name, [...path, key]),
      allowed: 'the name under which the secret is found',
      suggestion:
        'export the key as a variable such as AIMLAPI_KEY, write that name here, and replace the key',
    });
  });
}

function checkProbe(target: Mapping, path: Path): readonly Finding[] {
  const probe = mappingOf(target['health_probe']);
  const interval = probe['interval_seconds'] ?? 30;
  const timeout = probe['timeout_seconds'] ?? 5;
  if (typeof interval !== 'number' || typeof timeout !== 'number' || timeout <= interval) return [];
  return [
    mistake('E004', [...path, 'health_probe', 'timeout_seconds'], 'a probe may not outlast its interval', {
      seen: `${timeout} with interval_seconds ${interval}`,
      allowed: `at most ${interval}`,
      suggestion: 'shorten the timeout, or lengthen the interval',
    }),
  ];
}
