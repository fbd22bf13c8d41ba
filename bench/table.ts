/** The table: one row for each figure, with its goal and whether it is met. */

/** What a figure has to be; a factor is of the floor's figure in the same run. */
export type Goal =
  | { readonly kind: 'at-most-floor'; readonly factor: number; readonly synced?: number }
  | { readonly kind: 'at-least-floor'; readonly factor: number }
  | { readonly kind: 'at-most'; readonly gateway: number };

export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly direct?: number;
  readonly floor?: number;
  readonly gateway: number;
  readonly synced?: number;
  readonly goal?: Goal;
}

/** The goal in words. */
export function goalText({ goal, unit }: Row): string {
  if (goal === undefined) return '';
  if (goal.kind === 'at-most') return `<= ${goal.gateway} ${unit}`;
  if (goal.kind === 'at-least-floor') return `>= ${goal.factor} x floor`;
  return `<= ${goal.factor} x floor${goal.synced === undefined ? '' : `; synced <= ${goal.synced} ${unit}`}`;
}

/** Whether the goal is met; undefined without a goal. */
export function isMet({ goal, gateway, floor = Number.NaN, synced = Number.NaN }: Row): boolean | undefined {
  if (goal === undefined) return undefined;
  if (goal.kind === 'at-most') return gateway <= goal.gateway;
  if (goal.kind === 'at-least-floor') return gateway >= goal.factor * floor;
  return gateway <= goal.factor * floor && (goal.synced === undefined || synced <= goal.synced);
}

const HEADINGS = ['figure', 'direct', 'floor', 'gateway', 'synced', 'of floor', 'goal', ''] as const;

/** The rows as Markdown, so that the same text serves the terminal and the README. */
export function tableText(rows: readonly Row[]): string {
  const lines = [HEADINGS, ...rows.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const write = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => align(cell, widths[column] ?? 0, column)).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (isNumber(column) ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`;
  const [head, ...body] = lines.map(write);
  return [head, rule, ...body].join('\n');
}

const isNumber = (column: number): boolean => column >= 1 && column <= 5;
const align = (cell: string, width: number, column: number): string =>
  isNumber(column) ? cell.padStart(width) : cell.padEnd(width);

function cellsOf(row: Row): readonly string[] {
  const { direct, floor, gateway, synced, unit } = row;
  const ratio = floor === undefined ? '' : (gateway / floor).toFixed(2);
  const met = isMet(row);
  return [
    `${row.name} (${unit})`,
    figure(direct),
    figure(floor),
    figure(gateway),
    figure(synced),
    ratio,
    goalText(row),
    met === undefined ? '' : met ? 'met' : 'MISSED',
  ];
}

function figure(value: number | undefined): string {
  if (value === undefined) return '';
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
}
