/** What a million requests cost on AWS, beside the models: list prices times quantities, as a table. */

export interface Item {
  readonly name: string;
  /** How many units a million requests need. */
  readonly quantity: number;
  readonly unit: string;
  /** USD for one unit. */
  readonly price: number;
}

/** What the table takes for given; change it and run this file. */
export interface Assumptions {
  /** Of a request, from its first byte to its last; a stream holds the function for as long. */
  readonly seconds: number;
  readonly memoryGiB: number;
  /** Of an answer on its way to the caller. */
  readonly answerBytes: number;
  /** Of its decision event and start record together, compressed. */
  readonly storedBytes: number;
  /** Of the lines that the function and Lambda write into the log. */
  readonly logBytes: number;
  readonly targets: number;
}

export const ASSUMED: Assumptions = {
  seconds: 3,
  memoryGiB: 1,
  answerBytes: 20_000,
  storedBytes: 1_000,
  logBytes: 1_700,
  targets: 3,
};

const REQUESTS = 1_000_000;
const GB = 1e9;
/** Firehose counts each record as at least so much. */
const FIREHOSE_BYTES = 5 * 1024;
const MINUTES_A_MONTH = 30 * 24 * 60;

/** What grows with the requests. */
export function perMillion(assumed: Assumptions): readonly Item[] {
  const { seconds, memoryGiB, answerBytes, storedBytes, logBytes, targets } = assumed;
  return [
    { name: 'Lambda, requests', quantity: REQUESTS, unit: 'requests', price: 0.2e-6 },
    {
      name: 'Lambda, duration (ARM)',
      quantity: REQUESTS * seconds * memoryGiB,
      unit: 'GB-s',
      price: 1.33334e-5,
    },
    {
      name: 'Firehose, two records each',
      quantity: (2 * REQUESTS * FIREHOSE_BYTES) / 1024 ** 3,
      unit: 'GiB',
      price: 0.029,
    },
    { name: 'DynamoDB, look-ups of keys', quantity: REQUESTS, unit: 'reads', price: 0.125e-6 },
    {
      name: 'DynamoDB, circuits',
      quantity: REQUESTS * targets * 0.5,
      unit: 'reads',
      price: 0.125e-6,
    },
    { name: 'CloudWatch Logs, ingestion', quantity: (REQUESTS * logBytes) / GB, unit: 'GB', price: 0.5 },
    { name: 'Data to the internet', quantity: (REQUESTS * answerBytes) / GB, unit: 'GB', price: 0.09 },
    {
      name: 'S3, one year of evidence',
      quantity: ((REQUESTS * storedBytes) / GB) * 12,
      unit: 'GB-months',
      price: 0.023,
    },
  ];
}

/** What is due each month, however many requests there are; Firehose delivers at most once a minute. */
export function perMonth({ targets }: Assumptions): readonly Item[] {
  const objects = MINUTES_A_MONTH;
  return [
    { name: 'CloudWatch, metrics', quantity: 20 + 8 * targets, unit: 'metrics', price: 0.3 },
    { name: 'CloudWatch, dashboard', quantity: 1, unit: 'dashboard', price: 3 },
    { name: 'CloudWatch, alarms', quantity: 9, unit: 'metrics in alarms', price: 0.1 },
    { name: 'Secrets Manager', quantity: 2, unit: 'secrets', price: 0.4 },
    { name: 'S3, writing and sealing', quantity: 2 * objects, unit: 'requests', price: 5e-6 },
    { name: 'S3, reading for sealing', quantity: 2 * objects, unit: 'requests', price: 0.4e-6 },
    { name: 'EventBridge, sealing', quantity: objects, unit: 'events', price: 1e-6 },
    { name: 'Lambda, sealing', quantity: objects * 0.3 * 0.25, unit: 'GB-s', price: 1.33334e-5 },
    { name: 'KMS, the key of checkpoints', quantity: 1, unit: 'key', price: 1 },
    // Two days of objects are read each day; 30 ms for each, in a GiB.
    { name: 'S3, reading for checkpoints', quantity: 2 * objects, unit: 'requests', price: 0.4e-6 },
    { name: 'Lambda, checkpoints', quantity: 2 * objects * 0.03, unit: 'GB-s', price: 1.33334e-5 },
    {
      name: 'Lambda, health probes, if any',
      quantity: MINUTES_A_MONTH * 60 * 0.125,
      unit: 'GB-s',
      price: 1.33334e-5,
    },
  ];
}

const number = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: 0, maximumFractionDigits: digits });

/** As Markdown, with the sum below. */
export function sheetText(items: readonly Item[]): string {
  const cost = ({ quantity, price }: Item): number => quantity * price;
  const rows = items.map((item) => [
    item.name,
    `${number(item.quantity, 2)} ${item.unit}`,
    `$${item.price.toLocaleString('en-US', { maximumSignificantDigits: 6 })}`,
    `$${cost(item).toFixed(2)}`,
  ]);
  const sum = items.reduce((total, item) => total + cost(item), 0);
  const lines = [['item', 'quantity', 'price', 'cost'], ...rows, ['sum', '', '', `$${sum.toFixed(2)}`]];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const line = (cells: readonly string[], fill = ' '): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(' | ')} |`;
  const [head = [], ...body] = lines;
  return [line(head), line(['', '', '', ''], '-'), ...body.map((cells) => line(cells))].join('\n');
}

if (import.meta.main) {
  process.stdout.write(`${sheetText(perMillion(ASSUMED))}\n\n${sheetText(perMonth(ASSUMED))}\n`);
}
