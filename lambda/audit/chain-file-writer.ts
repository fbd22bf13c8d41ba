/** Writes one chain into the hour files of a folder; what could not be stored leaves no trace in the chain. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DecisionEvent } from './decision-event.ts';
import {
  AdditionFailure,
  createEvidenceFile,
  syncFolder,
  type EvidenceFile,
  type SyncMode,
} from './evidence-file.ts';
import { linkFitting } from './fit-event.ts';
import { emptyChain, type ChainHead } from './hash-chain.ts';
import { folderOf, hourOf } from './lake-layout.ts';
import { isCode } from './system-error.ts';

/** Where the chain is written. */
export interface ChainFileOptions {
  readonly dir: string;
  readonly writerId: string;
  readonly now: () => number;
  readonly sync: SyncMode;
  /** Default: on the disk. */
  readonly createFile?: typeof createEvidenceFile;
}

/**
 * Files are only ever created, never opened again: another process, or a copy that somebody put back, can't be
 * written into. Where a file's content is in doubt (an addition failed and could not be undone) or its name is
 * taken, a new chain begins, under the writer's id with a number behind it.
 */
export class ChainFileWriter {
  readonly #options: ChainFileOptions;
  #head: ChainHead;
  #chains = 1;
  #folder = '';
  #file: EvidenceFile | undefined;

  constructor(options: ChainFileOptions) {
    this.#options = options;
    this.#head = emptyChain(options.writerId);
  }

  /** Links and stores the events; rejects with the system's error when none of them is stored. */
  async store(events: readonly DecisionEvent[]): Promise<void> {
    try {
      await this.#add(events);
    } catch (error) {
      if (!(error instanceof AdditionFailure && error.state === 'removed')) throw error;
      await this.#add(events);
    }
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  async #add(events: readonly DecisionEvent[]): Promise<void> {
    const file = this.#openFile() ?? (await this.#nextFile());
    let head = this.#head;
    let text = '';
    for (const event of events) {
      const linked = linkFitting(event, head);
      head = linked.head;
      text += `${linked.line}\n`;
    }
    try {
      await file.add(Buffer.from(text));
      this.#head = head;
    } catch (error) {
      if (error instanceof AdditionFailure && error.state !== 'undone') await this.#abandon(error.state);
      throw error;
    }
  }

  /** Of a removed file the chain goes on in the next one, so that verification shows what is missing. */
  async #abandon(state: 'doubtful' | 'removed'): Promise<void> {
    if (state === 'doubtful') this.#beginChain();
    await this.close().catch(() => undefined);
  }

  #beginChain(): void {
    this.#chains++;
    this.#head = emptyChain(`${this.#options.writerId}-${this.#chains}`);
  }

  /** The file of this hour, if it is there: then nothing has to be waited for. */
  #openFile(): EvidenceFile | undefined {
    const hour = folderOf(hourOf(this.#options.now()));
    return hour <= this.#folder ? this.#file : undefined;
  }

  /** The hour never goes back, whatever the clock does: within a chain, later files hold later events. */
  async #nextFile(): Promise<EvidenceFile> {
    const hour = folderOf(hourOf(this.#options.now()));
    await this.close();
    if (hour > this.#folder) this.#folder = hour;
    await this.#makeFolders();
    this.#file = await this.#createFile();
    return this.#file;
  }

  async #createFile(): Promise<EvidenceFile> {
    const { dir, sync, createFile = createEvidenceFile } = this.#options;
    for (;;) {
      try {
        return await createFile(join(dir, this.#folder, `${this.#head.writerId}.jsonl`), sync);
      } catch (error) {
        if (!isCode(error, 'EEXIST')) throw error;
        this.#beginChain();
      }
    }
  }

  /** The folder at the top is not made again: where it was a mounted disk, the events would land beside it. */
  async #makeFolders(): Promise<void> {
    let parent = this.#options.dir;
    for (const name of this.#folder.split('/')) {
      const made = await mkdir(join(parent, name), { mode: 0o750 }).then(
        () => true,
        (error: unknown) => {
          if (isCode(error, 'EEXIST')) return false;
          throw error;
        },
      );
      if (made && this.#options.sync !== 'none') await syncFolder(parent);
      parent = join(parent, name);
    }
  }
}
