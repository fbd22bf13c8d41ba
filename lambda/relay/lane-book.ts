/** The lanes of one stream: which are open, which have ended, and what was said in them before. */
import type { Chain } from '../policies/chain.ts';
import type { BlockedBy } from '../policies/stage.ts';
import type { LocatedText } from '../wire/wire-format.ts';
import { LaneFlow } from './lane-flow.ts';
import type { LaneListener, TouchFrame } from './lane-flow.ts';

/** Lanes that one reply may have: each holds a little memory for as long as the stream goes on. */
export const MAX_LANES = 4096;

export class LaneBook {
  private readonly chain: Chain;
  private readonly listener: LaneListener;
  private readonly touch: TouchFrame;
  private readonly flows = new Map<string, LaneFlow>();
  /** Finished, and not yet ended. */
  private readonly finished = new Set<LaneFlow>();
  /** Paths of texts that came whole. */
  private readonly said = new Set<string>();
  private readonly finishedPrefixes = new Set<string>();

  constructor(chain: Chain, listener: LaneListener, touch: TouchFrame) {
    this.chain = chain;
    this.listener = listener;
    this.touch = touch;
  }

  get isTooLarge(): boolean {
    return this.flows.size + this.said.size > MAX_LANES;
  }

  /** Whether a lane was finished and still waits for the word that it really ended. */
  get isInDoubt(): boolean {
    return this.finished.size > 0;
  }

  /** Every lane that had text was finished or ended: none was cut. */
  get isComplete(): boolean {
    for (const [path, flow] of this.flows) {
      if (!flow.isEnded && !flow.isFinished && !this.isAfterFinish(path)) return false;
    }
    return true;
  }

  find(path: string): LaneFlow | undefined {
    return this.flows.get(path);
  }

  flowOf({ lane, form, isRepetition = false }: LocatedText): LaneFlow {
    const open = this.flows.get(lane.path);
    if (open !== undefined) return open;
    const judge = this.chain.openLane(lane, form, isRepetition);
    const flow = new LaneFlow({ lane, form }, judge, isRepetition ? undefined : this.listener, this.touch);
    this.flows.set(lane.path, flow);
    return flow;
  }

  /** Notes that a text stands at the path; true when one was streamed or stood there before. */
  say(path: string): boolean {
    const wasSaid = this.said.has(path) || this.flows.has(path);
    if (!wasSaid) this.said.add(path);
    return wasSaid;
  }

  /** The lanes under the prefix that have something waiting. */
  waiting(prefix: string): readonly LaneFlow[] {
    return [...this.flows.values()].filter((flow) => flow.isWaiting && flow.lane.path.startsWith(prefix));
  }

  /** Upstream says that the lanes under the prefix are over; the next chunk will show. */
  finish(prefix: string): void {
    this.finishedPrefixes.add(prefix);
    for (const [path, flow] of this.flows) {
      if (flow.isEnded || !path.startsWith(prefix)) continue;
      flow.isFinished = true;
      this.finished.add(flow);
    }
  }

  /** Ends the finished lanes, but for those that the deltas go on with. */
  endFinished(deltas: readonly LocatedText[]): BlockedBy | undefined {
    if (this.finished.size === 0) return undefined;
    const going = new Set(deltas.map(({ lane }) => lane.path));
    let blockedBy: BlockedBy | undefined;
    for (const flow of this.finished) {
      if (going.has(flow.lane.path)) flow.isFinished = false;
      else blockedBy ??= flow.end();
    }
    this.finished.clear();
    return blockedBy;
  }

  /** Ends the lanes under the prefix for good. After a block no other judge is asked. */
  end(prefix: string): BlockedBy | undefined {
    for (const [path, flow] of this.flows) {
      if (flow.isEnded || !path.startsWith(prefix)) continue;
      this.finished.delete(flow);
      const blockedBy = flow.end();
      if (blockedBy !== undefined) return blockedBy;
    }
    return undefined;
  }

  private isAfterFinish(path: string): boolean {
    for (const prefix of this.finishedPrefixes) if (path.startsWith(prefix)) return true;
    return false;
  }
}
