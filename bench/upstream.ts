/** The upstream of the measurements, in a process of its own: fixed answers, encoded once. */
import { startAimlapiUpstream, type Answer } from '../bin/upstream/aimlapi-upstream.ts';
import { answerText, answerTokens, BURST, PACED } from './workload.ts';

const ANSWERS: Readonly<Record<string, Answer>> = {
  /** Each chunk in a write of its own, as a model's tokens come. */
  [PACED.model]: {
    text: answerTokens(PACED.chunks),
    beforeFrame: () => new Promise(setImmediate),
  },
  /** As fast as it goes: what is measured is the work for a chunk, not the wait for it. */
  [BURST.model]: { text: answerTokens(BURST.chunks) },
};

const upstream = await startAimlapiUpstream({
  record: false,
  prebuilt: true,
  reply: (ask) => (ask.stream ? ANSWERS[ask.model] : undefined) ?? { text: answerText },
});
process.send?.({ url: upstream.url });
process.once('disconnect', () => process.exit());
