/** Takes personal data out of kept texts, whatever the chain did or did not do with it. */
import { MOST_CAPTURED, type CapturedText, type CapturedTexts } from '../audit/capture.ts';
import type { PiiDetectorSettings } from '../config/gateway-config.ts';
import { openChain, type Chain, type Link } from '../policies/chain.ts';
import { createPiiDetector } from '../policies/pii-detector.ts';
import type { StageRelease } from '../policies/stage.ts';
import { BLOCK_UNITS, Turns } from '../policies/turns.ts';
import type { KeptText, KeptTexts } from './kept-texts.ts';

/** @param isWhole false when the texts broke off: then their ends may be parts of something, and stay away. */
export type RedactTexts = (kept: KeptTexts, isWhole: boolean) => Promise<CapturedTexts>;

/** Nothing of a request decides about the redaction of its texts. */
const ANY_REQUEST = { path: '', headers: {}, model: '', stream: false } as const;

/**
 * The same detector as in a chain of this one policy, enforced. The texts were through the configured chain before:
 * what it replaced stays replaced.
 * @param elapsed Milliseconds on a clock that never jumps: long texts leave turns to requests that run meanwhile.
 */
export function createRedactor(settings: PiiDetectorSettings, elapsed: () => number): RedactTexts {
  const links: readonly Link[] = [
    {
      entry: { kind: 'pii-detector', streamingMode: 'realtime', mode: 'enforce', settings },
      policy: createPiiDetector(settings),
    },
  ];
  return async (kept, isWhole) => {
    const chain = openChain(links, ANY_REQUEST, { elapsed, failMode: 'block' });
    const turns = new Turns(elapsed);
    let left = MOST_CAPTURED;
    const texts: CapturedText[] = [];
    for (const each of kept.texts) {
      const isComplete = isWhole && !each.isCut;
      const text = await redact(chain, each, isComplete, turns);
      const shown = text.slice(0, left);
      left -= shown.length;
      texts.push(capturedText(each, shown, isComplete && shown.length === text.length));
    }
    const isTruncated = kept.isCut || left <= 0;
    return { withheld: null, texts, ...(isTruncated && { truncated: kept.length }) };
  };
}

/** Without the judge's last word what it still holds does not show: it may be the front of something. */
async function redact(
  chain: Chain,
  { lane, form, text }: KeptText,
  isComplete: boolean,
  turns: Turns,
): Promise<string> {
  const judge = chain.openLane(lane, form);
  if (judge === undefined) throw new Error('the redactor has no say in a lane');
  let shown = '';
  for (let from = 0; from < text.length; from += BLOCK_UNITS) {
    shown += textOf(judge.push(text.slice(from, from + BLOCK_UNITS)));
    if (turns.isOver) await turns.next();
  }
  return isComplete ? shown + textOf(judge.end()) : shown;
}

const textOf = ({ pieces }: StageRelease): string => pieces.map(({ text }) => text).join('');

function capturedText({ lane }: KeptText, text: string, isComplete: boolean): CapturedText {
  const { path, role, content } = lane;
  return { lane: path, role, content, text, ...(!isComplete && { is_cut: true as const }) };
}
