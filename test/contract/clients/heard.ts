/** What a client was told in one answer, lane by lane, however the format spells it. */
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { z } from 'zod';

export interface Heard {
  /** What the model says: its text, or its refusal. */
  spoken: string;
  reasoning: string;
  /** The JSON text of a tool call. */
  called: string;
  /** How the format says that the answer is complete. */
  end: string | undefined;
  /** The lanes as a stream repeats them when it is complete, where it does. */
  repeated: string | undefined;
  /** Everything that came, as JSON. */
  raw: string;
  /** The error that the client threw. */
  failure: Failure | undefined;
}

export interface Failure {
  readonly status: number | undefined;
  readonly code: string;
  readonly message: string;
}

/** Reads an answer into `heard`, and the error that it ends with. */
export async function hear(read: (heard: Heard) => Promise<void>): Promise<Heard> {
  const heard: Heard = {
    spoken: '',
    reasoning: '',
    called: '',
    end: undefined,
    repeated: undefined,
    raw: '',
    failure: undefined,
  };
  try {
    await read(heard);
  } catch (error) {
    heard.failure = failureOf(error);
  }
  return heard;
}

/** The lanes in one text: to compare what a stream said piece by piece with what it says at its end. */
export const lanesOf = ({ spoken, reasoning, called }: Pick<Heard, 'spoken' | 'reasoning' | 'called'>) =>
  JSON.stringify({ spoken, reasoning, called });

const status = z.number().optional();
const openaiError = z.object({ status, code: z.string().nullish(), message: z.string() });
const anthropicError = z.object({
  status,
  error: z.object({
    error: z.object({ type: z.string(), code: z.string().optional(), message: z.string() }),
  }),
});

function failureOf(error: unknown): Failure {
  if (error instanceof OpenAI.APIError) {
    const { code, ...said } = openaiError.parse(error);
    return { status: said.status, code: code ?? '', message: said.message };
  }
  if (error instanceof Anthropic.APIError) {
    const said = anthropicError.parse(error);
    const { code, type, message } = said.error.error;
    return { status: said.status, code: code ?? type, message };
  }
  throw error;
}
