/** The facts of one exchange that every format of answer needs: ids, names, tokens, cost. */
import { answeringModel, costOf, type Cost } from './catalogue.ts';
import { textOf } from './tokens.ts';
import type { Answer, Ask } from './answer.ts';

/** Everything about an exchange that is not what the model says. */
export interface Facts {
  readonly requestId: string;
  readonly inferenceId: string;
  /** A number that makes ids unique. */
  readonly serial: string;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly askedModel: string;
  readonly model: string;
  readonly input: number;
  readonly output: number;
  readonly cached: number;
  readonly cost: Cost;
  /** Answers wanted (`n`), from 1 to 8. */
  readonly choices: number;
}

let exchanges = 0;

/** Settles the facts of an exchange; token counts that the answer does not give are a quarter of the characters. */
export function factsOf(ask: Ask, answer: Answer, requestId: string): Facts {
  exchanges += 1;
  const input = answer.inputTokens ?? Math.ceil(JSON.stringify(ask.body).length / 4);
  const output = answer.outputTokens ?? Math.ceil(spokenCharacters(answer) / 4);
  const wanted = ask.body['n'];
  return {
    requestId,
    inferenceId: `inf-${requestId}`,
    serial: `${Date.now().toString(36)}${exchanges.toString(36).padStart(6, '0')}`,
    created: Math.floor(Date.now() / 1000),
    askedModel: ask.model,
    model: answeringModel(ask.model),
    input,
    output,
    cached: answer.cachedTokens ?? 0,
    cost: costOf(ask.model, input, output),
    choices: typeof wanted === 'number' && wanted >= 1 && wanted <= 8 ? Math.floor(wanted) : 1,
  };
}

/** The headers of a good answer; cost stands in them only when the answer is not streamed. */
export function answerHeaders(facts: Facts, stream: boolean): Record<string, string> {
  const ids = { 'x-request-id': facts.requestId, 'x-inference-id': facts.inferenceId };
  if (stream) return ids;
  const { credits_used, usd_spent } = facts.cost;
  return { ...ids, 'x-aimlapi-credits-used': String(credits_used), 'x-aimlapi-usd-spent': String(usd_spent) };
}

function spokenCharacters(answer: Answer): number {
  const spoken = [answer.text ?? '', answer.reasoning ?? '', answer.refusal ?? ''].map(textOf);
  const called = (answer.toolCalls ?? []).map((call) => call.name + call.arguments);
  return [...spoken, ...called].reduce((sum, text) => sum + text.length, 0);
}
