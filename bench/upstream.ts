/** The upstream of the measurements, in a process of its own: fixed answers, encoded once. */
import { setTimeout as wait } from 'node:timers/promises';
import { startAimlapiUpstream, type Answer } from '../bin/upstream/aimlapi-upstream.ts';
import { answerText, answerTokens, BURST, LONG, PACED, proseOf, THOUGHTFUL } from './workload.ts';

const ANSWERS: Readonly<Record<string, Answer>> = {
  /** Each chunk in a write of its own, as a model's tokens come. */
  [PACED.model]: {
    text: answerTokens(PACED.chunks),
    beforeFrame: () => new Promise(setImmediate),
  },
  /** As fast as it goes: what is measured is the work for a chunk, not the wait for it. */
  [BURST.model]: { text: answerTokens(BURST.chunks) },
  [LONG.model]: { text: Array.from({ length: LONG.chunks }, () => proseOf(1000)) },
  [THOUGHTFUL.model]: {
    text: answerTokens(THOUGHTFUL.chunks),
    beforeFrame: () => wait(THOUGHTFUL.chunkMs),
  },
};

const upstream = await startAimlapiUpstream({
  record: false,
  prebuilt: true,
  reply: async (ask) => {
    if (!ask.stream && ask.model === THOUGHTFUL.model) await wait(THOUGHTFUL.answerMs);
    return (ask.stream ? ANSWERS[ask.model] : undefined) ?? { text: answerText };
  },
});
process.send?.({ url: upstream.url });
process.once('disconnect', () => process.exit());
