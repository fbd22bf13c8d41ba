/** Keeps what policy configurations were read as, each under the hash of its files. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { debuglog, isDeepStrictEqual } from 'node:util';
import type { ConfigText } from '../../lambda/config/read-yaml.ts';
import type { ConfigReading } from './read-config-aside.ts';

/** A configuration that is valid. */
export type GoodReading = Extract<ConfigReading, { readonly ok: true }>;

export interface KeptReadings {
  /** What these very texts were read as; undefined when that is not known. Never rejects. */
  readonly find: (texts: readonly ConfigText[]) => Promise<GoodReading | undefined>;
  /** Never rejects: what can't be kept is read again. */
  readonly keep: (texts: readonly ConfigText[], reading: GoodReading) => Promise<void>;
}

/** More than a machine has configurations; some kilobytes each. */
const MOST = 50;

const debug = debuglog('kt');

/** @param folder Of one version of the program alone; made when it is needed, for its user's eyes. */
export function openKeptReadings(folder: string): KeptReadings {
  return {
    find: async (texts) => parse(await readFile(fileFor(folder, texts), 'utf8').catch(() => '')),
    keep: async (texts, reading) => {
      const json = JSON.stringify(reading);
      // What JSON can't say, e.g. an infinite number, must not come back as something else.
      if (!isDeepStrictEqual(parse(sealed(json)), reading)) return;
      try {
        await write(folder, fileFor(folder, texts), sealed(json));
      } catch (error) {
        debug('the configuration is not kept: %s', error);
      }
    },
  };
}

/** Warnings name the files, so their paths count, too. */
function fileFor(folder: string, texts: readonly ConfigText[]): string {
  return join(folder, `${hashOf(JSON.stringify(texts.map(({ path, text }) => [path, text])))}.json`);
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A power cut may leave a file torn: its first line says what the second one must be. */
const sealed = (json: string): string => `${hashOf(json)}\n${json}`;

function parse(text: string): GoodReading | undefined {
  const [hash, json = ''] = text.split('\n');
  if (hash !== hashOf(json)) return undefined;
  const value: unknown = JSON.parse(json);
  return isReading(value) ? value : undefined;
}

/** Only `keep` has written what the hash fits, so its first fields tell enough. */
function isReading(value: unknown): value is GoodReading {
  return typeof value === 'object' && value !== null && 'config' in value && 'warnings' in value;
}

async function write(folder: string, file: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length >= MOST) await rm(folder, { recursive: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, file);
}
