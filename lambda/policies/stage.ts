/** One entry of the chain at work on one request. */
import type { ChainEntry } from '../config/gateway-config.ts';
import type { Piece } from '../detectors/piece.ts';
import type { Lane, LaneText, Phase } from '../wire/lane.ts';
import { judgeJson } from './json-judge.ts';
import { PieceQueue } from './piece-queue.ts';
import type { LaneJudge, Objection, Opinion, PolicyRun, Release } from './policy.ts';
import { countError, countObjection, countPieces, countScore, openTally } from './tally.ts';
import type { Tally, TallyVerdict } from './tally.ts';

/** Of the services, what the chain needs. */
export interface ChainTools {
  readonly elapsed: () => number;
  /** What a policy that fails does to the request. */
  readonly failMode: 'block' | 'allow';
}

/** A policy threw, or took longer than its time limit, and the fail mode is block. */
export class PolicyFailure extends Error {
  override readonly name = 'PolicyFailure';
  readonly kind: string;
  constructor(kind: string, options?: ErrorOptions) {
    super(`policy ${kind} failed`, options);
    this.kind = kind;
  }
}

/** Milliseconds that a policy may wait for something (a web service). */
export const OPINION_TIMEOUT_MS = 2000;

export class Stage {
  readonly entry: ChainEntry;
  /** The policy failed and the fail mode let the request go on. */
  isDegraded = false;
  private input: Tally | undefined;
  private output: Tally | undefined;
  private readonly run: PolicyRun;
  private readonly tools: ChainTools;

  constructor(entry: ChainEntry, run: PolicyRun, tools: ChainTools) {
    this.entry = entry;
    this.run = run;
    this.tools = tools;
  }

  /** Whether what the policy says is carried out. */
  get isEnforced(): boolean {
    return this.entry.mode === 'enforce';
  }

  /** Of the phases that it had a say in. */
  get tallies(): readonly Tally[] {
    return [this.input, this.output].filter((tally) => tally !== undefined);
  }

  hasFound(verdict: TallyVerdict): boolean {
    return this.input?.verdict === verdict || this.output?.verdict === verdict;
  }

  forgetOutput(): void {
    this.output = undefined;
  }

  private tally(phase: Phase): Tally {
    const { kind, mode } = this.entry;
    return phase === 'input'
      ? (this.input ??= openTally(kind, phase, mode))
      : (this.output ??= openTally(kind, phase, mode));
  }

  /**
   * A judge of this entry for the lane, or undefined when it has no say in it.
   * @param isRepetition of a lane whose replacements were counted before.
   */
  openLane(lane: Lane, form: 'text' | 'json', isRepetition = false): StageLane | undefined {
    const judge = this.openJudge(lane);
    if (judge === undefined) return undefined;
    const tally = this.tally(lane.phase);
    return new StageLane(this, form === 'text' ? judge : this.judgeOfJson(lane, judge), tally, isRepetition);
  }

  /** Each string of the JSON has a judge of its own, who knows the key that it stands under. */
  private judgeOfJson(lane: Lane, judge: LaneJudge): LaneJudge {
    return judgeJson(
      (context) => this.openJudge(context === undefined ? lane : { ...lane, context }) ?? judge,
    );
  }

  private openJudge(lane: Lane): LaneJudge | undefined {
    try {
      return this.run.openLane?.(lane);
    } catch (cause) {
      this.fail(this.tally(lane.phase), cause);
      return undefined;
    }
  }

  /** Whether the policy has a say in all texts of the phase together. */
  judgesTexts(phase: Phase): boolean {
    return this.asker(phase) !== undefined;
  }

  async judgeTexts(phase: Phase, texts: readonly LaneText[]): Promise<Objection | undefined> {
    const ask = this.asker(phase);
    if (ask === undefined) return undefined;
    const tally = this.tally(phase);
    const start = this.tools.elapsed();
    try {
      const answer = ask(texts);
      const opinion = answer instanceof Promise ? await withinLimit(answer) : answer;
      countScore(tally, opinion.score);
      if (opinion.objection !== undefined) countObjection(tally, opinion.objection);
      return opinion.objection;
    } catch (cause) {
      this.fail(tally, cause);
      return undefined;
    } finally {
      tally.latencyMs += this.tools.elapsed() - start;
    }
  }

  private asker(phase: Phase): PolicyRun['judgeInput'] {
    return phase === 'input' ? this.run.judgeInput : this.run.judgeOutput;
  }

  /**
   * Asks a judge; where it throws, the fail mode decides between PolicyFailure and FAILED.
   * @param text Undefined at the end.
   */
  ask(judge: LaneJudge, tally: Tally, text: string | undefined): Release {
    const start = this.tools.elapsed();
    try {
      return text === undefined ? judge.end() : judge.push(text);
    } catch (cause) {
      this.fail(tally, cause);
      return FAILED;
    } finally {
      tally.latencyMs += this.tools.elapsed() - start;
    }
  }

  private fail(tally: Tally, cause: unknown): void {
    countError(tally);
    if (this.tools.failMode === 'block') throw new PolicyFailure(this.entry.kind, { cause });
    this.isDegraded = true;
  }
}

async function withinLimit(answer: Promise<Opinion>): Promise<Opinion> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the policy took too long')), OPINION_TIMEOUT_MS);
  });
  try {
    return await Promise.race([answer, limit]);
  } finally {
    clearTimeout(timer);
  }
}

const FAILED: Release = { pieces: [] };

/** One lane on its way through one entry. */
export class StageLane {
  private readonly stage: Stage;
  private readonly judge: LaneJudge;
  private readonly tally: Tally;
  private readonly isRepetition: boolean;
  private readonly queue = new PieceQueue();
  private hasFailed = false;

  constructor(stage: Stage, judge: LaneJudge, tally: Tally, isRepetition: boolean) {
    this.stage = stage;
    this.judge = judge;
    this.tally = tally;
    this.isRepetition = isRepetition;
  }

  /** @param pieces what the entry before released; what comes back stands for lengths of the original text. */
  push(pieces: readonly Piece[]): StageRelease {
    if (this.hasFailed || pieces.length === 0) return { pieces };
    let text = '';
    for (const piece of pieces) text += piece.text;
    return this.step(pieces, text);
  }

  end(pieces: readonly Piece[]): StageRelease {
    const pushed = this.push(pieces);
    if (this.hasFailed || pushed.blockedBy !== undefined) return pushed;
    const ended = this.step([], undefined);
    if (ended.blockedBy !== undefined) return { ...ended, pieces: [...pushed.pieces, ...ended.pieces] };
    return { pieces: [...pushed.pieces, ...ended.pieces, ...this.queue.takeAll()] };
  }

  private step(pieces: readonly Piece[], text: string | undefined): StageRelease {
    const release = this.stage.ask(this.judge, this.tally, text);
    this.hasFailed = release === FAILED;
    this.count(release);
    if (!this.stage.isEnforced) return { pieces };
    this.queue.push(pieces);
    if (this.hasFailed) return { pieces: this.queue.takeAll() };
    const released: Piece[] = [];
    for (const piece of release.pieces) this.queue.translate(piece, released);
    // A stage before may swallow without end: what it cut out must not wait for text.
    this.queue.takeSilent(released);
    const { objection } = release;
    return objection?.action === 'block'
      ? { pieces: released, blockedBy: { kind: this.stage.entry.kind, objection } }
      : { pieces: released };
  }

  private count(release: Release): void {
    if (!this.isRepetition) countPieces(this.tally, release.pieces);
    countScore(this.tally, release.score);
    if (release.objection !== undefined) countObjection(this.tally, release.objection);
  }
}

export interface StageRelease {
  readonly pieces: readonly Piece[];
  readonly blockedBy?: BlockedBy;
}

/** The entry that ended the request or the answer, and why. */
export interface BlockedBy {
  readonly kind: string;
  readonly objection: Objection;
}
