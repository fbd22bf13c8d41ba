/** The tables of docs/configuration.md, made from the schema: the manual cannot say other than the linter does. */
import { allowedValues, describeSchema, type FieldNode } from './field-notes.ts';
import { configFile } from './schema.ts';
import { unbuiltPlaces } from './unbuilt.ts';

/** One section for each block of the file, in Markdown. */
export function fieldManual(): string {
  return [...sections(describeSchema(configFile), ''), unbuiltSection()].join('\n\n');
}

function unbuiltSection(): string {
  const items = unbuiltPlaces().map((place) => `- \`${place}\``);
  const intro = 'The schema knows what follows, and this version refuses it where it is asked for.';
  return ['### Not built yet', '', intro, '', ...items].join('\n');
}

function sections(node: FieldNode, path: string): readonly string[] {
  const properties = Object.entries(node.properties ?? {});
  const alike = areAlike(properties.map(([, property]) => property));
  const shown = alike
    ? properties.slice(0, 1).map(([, property]) => ['<kind>', property] as const)
    : properties;
  const own = properties.length === 0 || alike ? [] : [section(node, path)];
  return [
    ...own,
    ...shown.flatMap(([name, property]) => nested(property, path === '' ? name : `${path}.${name}`)),
  ];
}

/** The blocks within a field: itself, the entries of a list, or an alternative that is a mapping. */
function nested(node: FieldNode, path: string): readonly string[] {
  if (node.items !== undefined) return nested(node.items, `${path}[]`);
  if (node.anyOf !== undefined) return node.anyOf.flatMap((one) => nested(one, path));
  return sections(node, path);
}

/** The entry of a chain takes the same conditions under every kind: they are told once. */
function areAlike(nodes: readonly FieldNode[]): boolean {
  const texts = new Set(nodes.map((node) => JSON.stringify(node)));
  return nodes.length > 1 && texts.size === 1;
}

function section(node: FieldNode, path: string): string {
  const rows = Object.entries(node.properties ?? {}).map(([name, property]) =>
    row([
      `\`${name}\``,
      describeType(property),
      describeDefault(property, isRequired(node, name)),
      meaning(property),
    ]),
  );
  const title = path === '' ? 'The top level' : `\`${path}\``;
  return [
    `### ${title}`,
    '',
    row(['field', 'value', 'default', 'meaning']),
    row(['-', '-', '-', '-']),
    ...rows,
  ].join('\n');
}

function describeType(node: FieldNode): string {
  if (node.allowed === undefined && (node.items ?? node).properties !== undefined) {
    return node.items === undefined ? 'a mapping, see below' : 'a list of mappings, see below';
  }
  return allowedValues(node);
}

function describeDefault(node: FieldNode, required: boolean): string {
  if (node.byDefault !== undefined) return node.byDefault;
  if (required) return '**required**';
  if (node.default === undefined) return 'none';
  if (node.properties !== undefined) return 'its defaults';
  return `\`${JSON.stringify(node.default).replaceAll('"', '')}\``;
}

function meaning({ description = '', unit, allowed, type }: FieldNode): string {
  const isTold = unit === undefined || (allowed === undefined && (type === 'integer' || type === 'number'));
  return isTold ? description : `${description} In ${unit}.`;
}

function isRequired(node: FieldNode, name: string): boolean {
  return node.required?.includes(name) === true;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
