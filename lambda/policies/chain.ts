/** The chain: the configured policies in order, each on the text that the one before left; the first block ends it. */
import type { ChainEntry, When } from '../config/gateway-config.ts';
import type { Piece } from '../detectors/piece.ts';
import type { LocatedText } from '../wire/wire-format.ts';
import type { Lane, LaneText, Phase } from '../wire/lane.ts';
import type { Policy, RequestFacts } from './policy.ts';
import { isLong, judgeLong, judgeText, type JudgedText } from './judge-text.ts';
import { Stage } from './stage.ts';
import type { BlockedBy, ChainTools, StageLane, StageRelease } from './stage.ts';
import type { Tally } from './tally.ts';
import { Turns } from './turns.ts';

/** A configured entry with its policy, built once for the life of the configuration. */
export interface Link {
  readonly entry: ChainEntry;
  readonly policy: Policy;
}

export interface ChainOutcome {
  readonly texts: readonly JudgedText[];
  readonly blockedBy?: BlockedBy;
}

export function openChain(links: readonly Link[], facts: RequestFacts, tools: ChainTools): Chain {
  const stages = links
    .filter(({ entry }) => applies(entry.when, facts))
    .map(({ entry, policy }) => new Stage(entry, policy.begin(facts), tools));
  return new Chain(stages, tools.elapsed);
}

function applies(when: When | undefined, facts: RequestFacts): boolean {
  if (when === undefined) return true;
  const { path, header, model } = when;
  if (path !== undefined && !beginsWith(facts.path, path)) return false;
  if (model !== undefined && !model.includes(facts.model)) return false;
  return Object.entries(header ?? {}).every(([name, value]) => facts.headers[name] === value);
}

/** With and without /v1 a path is the same route: leaving it out must not lead around a policy. */
export function beginsWith(path: string, prefix: string): boolean {
  const short = path.startsWith('/v1/') ? path.slice('/v1'.length) : path;
  return `/v1${short}`.startsWith(prefix) || short.startsWith(prefix);
}

/** The chain at work on one request. */
export class Chain {
  private readonly stages: readonly Stage[];
  private readonly elapsed: () => number;

  constructor(stages: readonly Stage[], elapsed: () => number) {
    this.stages = stages;
    this.elapsed = elapsed;
  }

  /** An entry that wants the whole answer before any of it is shown. */
  get isBuffered(): boolean {
    return this.stages.some(({ entry }) => entry.streamingMode === 'buffered');
  }

  get isDegraded(): boolean {
    return this.stages.some(({ isDegraded }) => isDegraded);
  }

  get tallies(): readonly Tally[] {
    return this.stages.flatMap((stage) => stage.tallies);
  }

  /** The gravest that lets the request go on, of the entries whose word is carried out. */
  get verdict(): 'allow' | 'redact' | 'escalate' {
    let found: 'allow' | 'redact' = 'allow';
    for (const stage of this.stages) {
      if (!stage.isEnforced) continue;
      if (stage.hasFound('escalate')) return 'escalate';
      if (stage.hasFound('redact')) found = 'redact';
    }
    return found;
  }

  /** Judges whole texts: a request's, or an answer's. Where that takes long, others get their turns. */
  async judge(phase: Phase, sources: readonly LocatedText[]): Promise<ChainOutcome> {
    let texts: readonly JudgedText[] = sources.map((source) => ({
      source,
      text: source.text,
      pieces: [{ text: source.text, length: source.text.length }],
      isChanged: false,
    }));
    const turns = new Turns(this.elapsed);
    for (const stage of this.stages) {
      const next: JudgedText[] = [];
      for (const judged of texts) {
        const after = isLong(judged) ? await judgeLong(stage, judged, turns) : judgeText(stage, judged);
        if ('objection' in after) return { texts, blockedBy: after };
        next.push(after);
        if (turns.isOver) await turns.next();
      }
      texts = next;
      if (!stage.judgesTexts(phase)) continue;
      const objection = await stage.judgeTexts(
        phase,
        texts.map(({ source, text }) => ({ lane: source.lane, text })),
      );
      if (objection?.action === 'block' && stage.isEnforced) {
        return { texts, blockedBy: { kind: stage.entry.kind, objection } };
      }
    }
    return { texts };
  }

  /** Asks the entries that judge answers as a whole; for a buffered stream, whose lanes were judged before. */
  async judgeBuffered(texts: readonly LaneText[]): Promise<BlockedBy | undefined> {
    for (const stage of this.stages) {
      const objection = await stage.judgeTexts('output', texts);
      if (objection?.action === 'block' && stage.isEnforced) return { kind: stage.entry.kind, objection };
    }
    return undefined;
  }

  /** Forgets what was found in an answer that never reached the caller. */
  reopenOutput(): void {
    for (const stage of this.stages) stage.forgetOutput();
  }

  /**
   * Opens the lane of a stream; undefined when no entry has a say in it: its text needs no waiting.
   * @param isRepetition true leaves out of the tallies what was counted where it was said first.
   */
  openLane(lane: Lane, form: 'text' | 'json', isRepetition = false): ChainLane | undefined {
    const lanes: StageLane[] = [];
    for (const stage of this.stages) {
      const opened = stage.openLane(lane, form, isRepetition);
      if (opened !== undefined) lanes.push(opened);
    }
    return lanes.length === 0 ? undefined : new ChainLane(lanes);
  }
}

/** One lane of a stream on its way through all entries. */
export class ChainLane {
  private readonly lanes: readonly StageLane[];

  constructor(lanes: readonly StageLane[]) {
    this.lanes = lanes;
  }

  push(text: string): StageRelease {
    return this.pass([{ text, length: text.length }], (lane, pieces) => lane.push(pieces));
  }

  end(): StageRelease {
    return this.pass([], (lane, pieces) => lane.end(pieces));
  }

  private pass(
    first: readonly Piece[],
    step: (lane: StageLane, pieces: readonly Piece[]) => StageRelease,
  ): StageRelease {
    let pieces = first;
    let blockedBy: BlockedBy | undefined;
    for (const lane of this.lanes) {
      const release = step(lane, pieces);
      pieces = release.pieces;
      // What stands before the objection still goes through the entries behind: one of theirs stands before it in the text.
      blockedBy = release.blockedBy ?? blockedBy;
    }
    return blockedBy === undefined ? { pieces } : { pieces, blockedBy };
  }
}
