/** `npm run bench`: measures the gateway against direct and against the floor, prints one table, keeps it as JSON. */
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { chainRow } from './chain-alone.ts';
import { coldStartRows } from './cold-start.ts';
import { evidenceRows } from './evidence-cost.ts';
import { endLoad } from './load.ts';
import { longRunRow } from './long-run.ts';
import { idleMemoryRow, peakMemoryRow, startRow } from './process-rows.ts';
import { startGateway, startScript, type Measured } from './processes.ts';
import { routingRow } from './routing-cost.ts';
import {
  firstContentRow,
  latencyRows,
  perChunkRow,
  streamRateRow,
  throughputRow,
  type Field,
} from './rows.ts';
import { slowReadersRow } from './slow-readers.ts';
import { isMet, tableText, type Row } from './table.ts';
import { patientConfig, policyConfig } from './workload.ts';

const RESULTS = join(import.meta.dirname, 'results', 'latest.json');

const folder = await mkdtemp(join(tmpdir(), 'keeptrusts-bench-'));
const started: Measured[] = [];
try {
  const rows = await measureAll();
  await keep(rows);
  process.stdout.write(`${tableText(rows)}\n`);
} finally {
  await endLoad();
  await Promise.all(started.map((child) => child.stop()));
  await rm(folder, { recursive: true, force: true });
}

async function measureAll(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const add = (...more: readonly Row[]): void => {
    rows.push(...more);
    for (const { name, gateway, unit } of more)
      process.stderr.write(`  ${name}: ${gateway.toFixed(2)} ${unit}\n`);
  };
  const upstream = await start(startScript('upstream.ts'));
  const policyFile = join(folder, 'policy-config.yaml');
  await writeFile(policyFile, policyConfig(upstream.url));
  const files = (name: string, syncsAudit: boolean) => ({
    policyFile,
    auditDir: join(folder, `audit-${name}`),
    syncsAudit,
  });
  // First what has no floor to be compared with: machines that are lent by the minute slow down under load.
  add(await chainRow(300, 60), await chainRow(10_000, 400));
  add(routingRow());
  add(await startRow(files('start', true), 5));
  const floor = await start(startScript('floor.ts', { UPSTREAM: new URL(upstream.url).origin }));
  const gateway = await start(startGateway(files('unsynced', false)));
  const synced = await start(startGateway(files('synced', true)));
  add(...idleMemoryRow(gateway));
  const field: Field = {
    direct: { name: 'direct', url: upstream.url },
    floor: { name: 'floor', url: floor.url },
    gateway: { name: 'gateway', url: gateway.url },
    synced: { name: 'synced', url: synced.url },
  };
  add(...(await latencyRows(field, 1500)));
  add(await firstContentRow(field, 500));
  add(await perChunkRow(field, 150));
  for (const concurrency of [10, 64]) add(await throughputRow(field, concurrency));
  for (const concurrency of [10, 64]) add(await streamRateRow(field, concurrency));
  add(...(await peakMemoryRow(gateway, field.gateway)));
  await writeFile(join(folder, 'patient.yaml'), patientConfig(upstream.url));
  add(...(await slowReadersRow({ ...files('slow', false), policyFile: join(folder, 'patient.yaml') })));
  add(...(await evidenceRows(40)));
  add(...(await coldStartRows(9)));
  add(...(await longRunRow(files('long', false))));
  return rows;
}

async function start(starting: Promise<Measured>): Promise<Measured> {
  const child = await starting;
  started.push(child);
  return child;
}

async function keep(rows: readonly Row[]): Promise<void> {
  await mkdir(join(RESULTS, '..'), { recursive: true });
  const machine = { cpus: availableParallelism(), model: cpus()[0]?.model ?? '', node: process.version };
  const figures = rows.map((row) => ({ ...row, met: isMet(row) ?? null }));
  await writeFile(
    RESULTS,
    `${JSON.stringify({ at: new Date().toISOString(), machine, figures }, null, 2)}\n`,
  );
}
