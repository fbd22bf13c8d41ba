/** Notes what the lanes of a reply released: findings, digests, and the texts themselves where a policy wants them whole. */
import type { LaneFinding, LaneListener } from '../relay/lane-flow.ts';
import type { CreateDigest, Digest } from '../services.ts';
import type { Lane, LaneText } from '../wire/lane.ts';
import { RedactionList } from './redaction-list.ts';

export class LaneLog implements LaneListener {
  readonly redactions = new RedactionList();
  private readonly createDigest: CreateDigest;
  private readonly keepsTexts: boolean;
  private readonly digests = new Map<string, Digest>();
  private readonly kept = new Map<string, { readonly lane: Lane; text: string }>();

  /** @param keepsTexts true keeps all released text in memory: for buffered replies only. */
  constructor(createDigest: CreateDigest, keepsTexts: boolean) {
    this.createDigest = createDigest;
    this.keepsTexts = keepsTexts;
  }

  onFinding({ lane, type, start, end, continues }: LaneFinding): void {
    this.redactions.add({ phase: 'output', lane: lane.path, type, start, end }, continues);
  }

  onText(lane: Lane, text: string): void {
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
