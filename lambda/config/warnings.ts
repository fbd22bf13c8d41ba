/** What is worth saying about a file that is valid: it works, and perhaps not as its author thinks. */
import { kindsInChain } from './check-policies.ts';
import { isPolicyKind, POLICY_KINDS } from './kinds.ts';
import { type Finding, type Path, remark } from './problem.ts';
import { readProvider } from './provider-name.ts';
import { isMapping, listOf, mappingOf, textOf, valueAt } from './tree.ts';
import { findWithdrawal } from './withdrawn-models.ts';

const CHAIN: Path = ['policies', 'chain'];

/** Every remark on a file, whether or not it is valid. */
export function findWarnings(root: unknown): readonly Finding[] {
  return [
    ...chainWarnings(root),
    ...settingsWarnings(root),
    ...targetWarnings(root),
    ...routingWarnings(root),
  ];
}

function chainWarnings(root: unknown): readonly Finding[] {
  const chain = valueAt(root, CHAIN);
  if (!Array.isArray(chain)) return [];
  const kinds = kindsInChain(root);
  if (chain.length === 0) return [remark(undefined, CHAIN, 'the chain is empty: no policy runs')];
  const at = kinds.indexOf('audit-logger');
  const findings: Finding[] = [];
  if (at >= 0 && at < kinds.length - 1) {
    findings.push(
      remark(undefined, [...CHAIN, at], 'audit-logger should stand last', {
        seen: `position ${at + 1} of ${kinds.length}`,
        suggestion: 'move it to the end of the chain',
      }),
    );
  }
  const conditional = chain.findIndex((entry) => isMapping(entry) && isMapping(entry['audit-logger']));
  if (conditional >= 0) {
    findings.push(
      remark(
        undefined,
        [...CHAIN, conditional, 'audit-logger'],
        'conditions have no effect on audit-logger',
        {
          suggestion: 'write it as `- audit-logger`: every request leaves its event',
        },
      ),
    );
  }
  return findings;
}

function settingsWarnings(root: unknown): readonly Finding[] {
  const chain = kindsInChain(root);
  const settings = mappingOf(valueAt(root, ['policy']));
  return POLICY_KINDS.flatMap((kind) => {
    const configured = Object.hasOwn(settings, kind);
    if (chain.includes(kind) && !configured) {
      return remark('E003', [...CHAIN, chain.indexOf(kind)], `${kind} has no block under policy`, {
        suggestion: `its defaults hold; add \`policy.${kind}: {}\` to say so`,
      });
    }
    if (configured && !chain.includes(kind)) {
      return remark('E003', ['policy', kind], `${kind} is configured and not in the chain: it does not run`, {
        suggestion: 'add it to policies.chain, or remove the block',
      });
    }
    return [];
  }).filter(({ path }) => path.length > 0 && kindsAreReadable(chain));
}

/** While the chain names kinds that do not exist, what is missing in it is guesswork. */
function kindsAreReadable(chain: readonly string[]): boolean {
  return chain.every(isPolicyKind);
}

function targetWarnings(root: unknown): readonly Finding[] {
  const targets: Path = ['providers', 'targets'];
  return listOf(valueAt(root, targets)).flatMap((value, index) => {
    const target = mappingOf(value);
    const provider = readProvider(textOf(target['provider']) ?? '');
    if (provider.name !== 'aimlapi') return [];
    const model = provider.model ?? textOf(target['model']);
    const withdrawal = model === undefined ? undefined : findWithdrawal(model);
    if (model === undefined || withdrawal === undefined) return [];
    const { replacement } = withdrawal;
    return remark(
      undefined,
      [...targets, index, provider.model === undefined ? 'model' : 'provider'],
      'AIML API has withdrawn this model and answers 404',
      {
        seen: JSON.stringify(model),
        suggestion:
          replacement === undefined
            ? 'choose one of GET /v1/models'
            : `use ${replacement}, or one of GET /v1/models`,
      },
    );
  });
}

function routingWarnings(root: unknown): readonly Finding[] {
  const strategy =
    valueAt(root, ['providers', 'strategy']) ?? valueAt(root, ['providers', 'routing', 'strategy']);
  if (strategy !== 'single') return [];
  const findings: Finding[] = [];
  const targets = listOf(valueAt(root, ['providers', 'targets'])).length;
  if (targets > 1) {
    findings.push(
      remark(undefined, ['providers', 'targets'], 'strategy single uses the first target only', {
        seen: `${targets} targets`,
        suggestion: 'remove the strategy to fall back in the listed order',
      }),
    );
  }
  if (valueAt(root, ['providers', 'fallback', 'enabled']) === true) {
    findings.push(
      remark(undefined, ['providers', 'fallback', 'enabled'], 'strategy single never falls back', {
        suggestion: 'use strategy ordered',
      }),
    );
  }
  return findings;
}
