/** The layout of the evidence, the same in the local folder and in the bucket: one folder a day and hour, UTC. */

/** An hour of the lake. */
export interface LakeHour {
  /** YYYY-MM-DD */
  readonly day: string;
  /** 00 to 23 */
  readonly hour: string;
}

const DAY_FOLDER = /^dt=(\d{4}-\d{2}-\d{2})$/;

/** True for the path of a file of evidence within the lake. */
export function isEvidencePath(path: string): boolean {
  return /^dt=\d{4}-\d{2}-\d{2}\/hr=\d{2}\/[^/]+\.jsonl(?:\.gz)?$/.test(path);
}

/** @param now Milliseconds since the epoch. */
export function hourOf(now: number): LakeHour {
  const text = new Date(now).toISOString();
  return { day: text.slice(0, 10), hour: text.slice(11, 13) };
}

/** `dt=YYYY-MM-DD/hr=HH` */
export function folderOf({ day, hour }: LakeHour): string {
  return `dt=${day}/hr=${hour}`;
}

/** The day of a folder's name, undefined for any other name. */
export function dayOfFolder(name: string): string | undefined {
  return DAY_FOLDER.exec(name)?.[1];
}

/** The day of a path within the lake, undefined for any other path. */
export function dayOfPath(path: string): string | undefined {
  return dayOfFolder(path.slice(0, path.indexOf('/')));
}

/** When the hour of a path's folder is over: milliseconds since the epoch. */
export function endOfHour(path: string): number {
  const [, day, hour] = /^dt=(\d{4}-\d{2}-\d{2})\/hr=(\d{2})\//.exec(path) ?? [];
  const begin = Date.parse(`${day ?? ''}T${hour ?? ''}:00:00Z`);
  return Number.isNaN(begin) ? 0 : begin + 3_600_000;
}
