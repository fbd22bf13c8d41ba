/** Rules of `providers` beside its targets: references to targets, fields that must agree, names given twice. */
import { nearest } from './nearest.ts';
import { joinWords } from './field-notes.ts';
import { type Finding, mistake, type Path } from './problem.ts';
import { showText } from './show.ts';
import { listOf, mappingOf, textOf, valueAt } from './tree.ts';

/** Looks at choice, retry, breaker, experiment and groups. */
export function checkRouting(root: unknown): readonly Finding[] {
  const ids = listOf(valueAt(root, ['providers', 'targets'])).flatMap(
    (target) => textOf(mappingOf(target)['id']) ?? [],
  );
  return [
    ...checkStrategy(root),
    ...checkOrder(root, ['providers', 'retry'], ['backoff_ms', 200], ['max_backoff_ms', 2000]),
    ...checkOrder(
      root,
      ['providers', 'circuit_breaker'],
      ['cooldown_seconds', 30],
      ['max_cooldown_seconds', 300],
    ),
    ...checkExperiment(root, ids),
    ...checkGroups(root, ids),
  ];
}

function checkStrategy(root: unknown): readonly Finding[] {
  const short = textOf(valueAt(root, ['providers', 'strategy']));
  const long = textOf(valueAt(root, ['providers', 'routing', 'strategy']));
  if (short === undefined || long === undefined || short === long) return [];
  return [
    mistake('E004', ['providers', 'strategy'], 'strategy and routing.strategy differ', {
      seen: `${showText(short)} and ${showText(long)}`,
      allowed: 'one strategy',
      suggestion: 'remove one of the two',
    }),
  ];
}

type FieldWithDefault = readonly [field: string, byDefault: number];

function checkOrder(
  root: unknown,
  block: Path,
  lower: FieldWithDefault,
  upper: FieldWithDefault,
): readonly Finding[] {
  const low = valueAt(root, [...block, lower[0]]) ?? lower[1];
  const high = valueAt(root, [...block, upper[0]]) ?? upper[1];
  if (typeof low !== 'number' || typeof high !== 'number' || low <= high) return [];
  return [
    mistake('E004', [...block, upper[0]], `${upper[0]} is below ${lower[0]}`, {
      seen: `${high} with ${lower[0]} ${low}`,
      allowed: `at least ${low}`,
      suggestion: `raise ${upper[0]} or lower ${lower[0]}`,
    }),
  ];
}

function checkExperiment(root: unknown, ids: readonly string[]): readonly Finding[] {
  const variants: Path = ['providers', 'ab_test', 'variants'];
  const names = listOf(valueAt(root, variants)).map((variant) => textOf(mappingOf(variant)['provider_id']));
  return names.flatMap((name, index) => {
    if (name === undefined) return [];
    const path = [...variants, index, 'provider_id'];
    return names.indexOf(name) < index
      ? [standsTwice(name, path, 'variant')]
      : unknownTarget(name, path, ids);
  });
}

function checkGroups(root: unknown, ids: readonly string[]): readonly Finding[] {
  const groups: Path = ['providers', 'model_groups'];
  const taken = new Set<string>();
  return listOf(valueAt(root, groups)).flatMap((value, index) => {
    const group = mappingOf(value);
    const path = [...groups, index];
    const members = listOf(group['targets']);
    return [
      ...claim(group['name'], [...path, 'name'], taken),
      ...listOf(group['aliases']).flatMap((alias, at) => claim(alias, [...path, 'aliases', at], taken)),
      ...members.flatMap((member, at) => {
        const name = textOf(member);
        if (name === undefined) return [];
        const place = [...path, 'targets', at];
        return members.indexOf(member) < at
          ? [standsTwice(name, place, 'target')]
          : unknownTarget(name, place, ids);
      }),
    ];
  });
}

function claim(value: unknown, path: Path, taken: Set<string>): readonly Finding[] {
  const name = textOf(value);
  if (name === undefined) return [];
  if (taken.has(name)) return [standsTwice(name, path, 'model group')];
  taken.add(name);
  return [];
}

function standsTwice(name: string, path: Path, noun: string): Finding {
  return mistake('E005', path, `a ${noun} of this name is already there`, {
    seen: showText(name),
    allowed: 'each name once',
    suggestion: 'rename or remove one of the two',
  });
}

function unknownTarget(name: string, path: Path, ids: readonly string[]): readonly Finding[] {
  if (ids.includes(name)) return [];
  const near = nearest(name, ids);
  return [
    mistake('E005', path, 'no target has this id', {
      seen: showText(name),
      allowed: ids.length === 0 ? 'the id of a target' : joinWords([...new Set(ids)].slice(0, 20)),
      suggestion: near === undefined ? 'add the target, or remove the name' : `did you mean \`${near}\`?`,
    }),
  ];
}
