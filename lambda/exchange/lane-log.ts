/** Notes what the lanes of a reply released: findings, digests, and the texts themselves where a policy wants them whole. */
import type { Piece } from '../detectors/piece.ts';
import type { LaneFinding, LaneListener, LaneSource } from '../relay/lane-flow.ts';
import type { CreateDigest, Digest } from '../audit/digest.ts';
import type { Lane, LaneText } from '../wire/lane.ts';
import type { KeptTexts } from './kept-texts.ts';
import { RedactionList } from './redaction-list.ts';

export class LaneLog implements LaneListener {
  readonly redactions = new RedactionList();
  private readonly createDigest: CreateDigest;
  private readonly keepsTexts: boolean;
  private readonly captured: KeptTexts | undefined;
  private readonly digests = new Map<string, Digest>();
  private readonly kept = new Map<string, { readonly lane: Lane; text: string }>();

  /**
   * @param keepsTexts true keeps all released text in memory: for buffered replies only.
   * @param captured told of all released text; absent where it is not to be captured.
   */
  constructor(createDigest: CreateDigest, keepsTexts: boolean, captured?: KeptTexts) {
    this.createDigest = createDigest;
    this.keepsTexts = keepsTexts;
    this.captured = captured;
  }

  onFinding({ lane, type, start, end, continues }: LaneFinding): void {
    this.redactions.add({ end, lane: lane.path, phase: 'output', start, type }, continues);
  }

  onText(source: LaneSource, piece: Piece): void {
    const { lane } = source;
    const { text } = piece;
    this.captured?.add(source, piece);
    let digest = this.digests.get(lane.path);
    if (digest === undefined) this.digests.set(lane.path, (digest = this.createDigest()));
    digest.update(text);
    if (!this.keepsTexts) return;
    const kept = this.kept.get(lane.path);
    if (kept === undefined) this.kept.set(lane.path, { lane, text });
    else kept.text += text;
  }

  /** Empty unless texts are kept. */
  get texts(): readonly LaneText[] {
    return [...this.kept.values()];
  }

  /** The digest of the one lane, or of the lanes' digests in the order of their paths; the same streamed and whole. */
  outputHash(): string | null {
    const lanes = [...this.digests].map(([path, digest]) => [path, digest.hex()] as const);
    const [first] = lanes;
    if (first === undefined) return null;
    if (lanes.length === 1) return first[1];
    const all = this.createDigest();
    for (const [path, hex] of lanes.toSorted(([a], [b]) => (a < b ? -1 : 1))) all.update(`${path}:${hex}\n`);
    return all.hex();
  }
}
