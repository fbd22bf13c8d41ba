/** Reads back what a file sink wrote. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The files of evidence in a folder, by their path within it, in order of day, hour and name. */
export async function evidenceFiles(dir: string): Promise<readonly string[]> {
  const paths = await readdir(dir, { recursive: true });
  return paths.filter((path) => path.startsWith('dt=') && path.endsWith('.jsonl')).sort();
}

/** All stored lines, without their ends. */
export async function storedLines(dir: string): Promise<readonly string[]> {
  const texts = (await evidenceFiles(dir)).map((path) => readFile(join(dir, path), 'utf8'));
  return (await Promise.all(texts)).flatMap((text) => text.split('\n').filter((line) => line !== ''));
}
