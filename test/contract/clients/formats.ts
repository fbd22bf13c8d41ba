/** Asks through the official clients in every format, and reads what comes into the same lanes. */
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { z } from 'zod';
import { COMPLETIONS_MODEL } from './door.ts';
import { hear, lanesOf, type Heard } from './heard.ts';

export interface Clients {
  readonly openai: OpenAI;
  readonly anthropic: Anthropic;
}

/** @param key What the clients present. */
export const clientsAt = (origin: string, key: string): Clients => ({
  openai: new OpenAI({ apiKey: key, baseURL: `${origin}/v1`, maxRetries: 0 }),
  anthropic: new Anthropic({ apiKey: key, baseURL: origin, maxRetries: 0 }),
});

export interface Question {
  readonly prompt: string;
  readonly stream: boolean;
  /** Called after each event of a stream. */
  readonly onEvent?: (heard: Heard) => void;
}

/** A format, read by the client that is official for it. */
export interface Format {
  readonly name: string;
  /** It can say only text. */
  readonly isPlain: boolean;
  ask(clients: Clients, question: Question): Promise<Heard>;
}

const reasoned = z.object({ reasoning_content: z.string().nullish() });

const chat: Format = {
  name: 'chat completions',
  isPlain: false,
  ask: ({ openai }, { prompt, stream, onEvent }) =>
    hear(async (heard) => {
      const request = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: prompt }] };
      if (!stream) {
        const reply = await openai.chat.completions.create(request);
        const [choice] = reply.choices;
        heard.raw = JSON.stringify(reply);
        addChat(heard, choice?.message ?? {}, choice?.finish_reason ?? null);
        return;
      }
      for await (const chunk of await openai.chat.completions.create({ ...request, stream })) {
        heard.raw += JSON.stringify(chunk);
        const [choice] = chunk.choices;
        if (choice !== undefined) addChat(heard, choice.delta, choice.finish_reason);
        onEvent?.(heard);
      }
    }),
};

function addChat(
  heard: Heard,
  said: Partial<OpenAI.ChatCompletionMessage> | OpenAI.ChatCompletionChunk.Choice.Delta,
  finish: string | null,
): void {
  heard.spoken += (said.content ?? '') + (said.refusal ?? '');
  heard.reasoning += reasoned.parse(said).reasoning_content ?? '';
  const [call] = said.tool_calls ?? [];
  if (call !== undefined && 'function' in call) heard.called += call.function?.arguments ?? '';
  heard.end = finish ?? heard.end;
}

const responses: Format = {
  name: 'responses',
  isPlain: false,
  ask: ({ openai }, { prompt, stream, onEvent }) =>
    hear(async (heard) => {
      const request = { model: 'gpt-4o', input: prompt };
      if (!stream) {
        const reply = await openai.responses.create(request);
        heard.raw = JSON.stringify(reply);
        addResponse(heard, reply);
        return;
      }
      for await (const event of await openai.responses.create({ ...request, stream })) {
        heard.raw += JSON.stringify(event);
        addResponseEvent(heard, event);
        onEvent?.(heard);
      }
    }),
};

function addResponse(heard: Heard, { output, status }: OpenAI.Responses.Response): void {
  for (const item of output) {
    if (item.type === 'message')
      for (const part of item.content) heard.spoken += part.type === 'refusal' ? part.refusal : part.text;
    if (item.type === 'reasoning') for (const { text } of item.summary) heard.reasoning += text;
    if (item.type === 'function_call') heard.called += item.arguments;
  }
  heard.end = status;
}

function addResponseEvent(heard: Heard, event: OpenAI.Responses.ResponseStreamEvent): void {
  if (event.type === 'response.output_text.delta' || event.type === 'response.refusal.delta')
    heard.spoken += event.delta;
  if (event.type === 'response.reasoning_summary_text.delta') heard.reasoning += event.delta;
  if (event.type === 'response.function_call_arguments.delta') heard.called += event.delta;
  if (event.type !== 'response.completed') return;
  const whole = { ...heard, spoken: '', reasoning: '', called: '' };
  addResponse(whole, event.response);
  heard.repeated = lanesOf(whole);
  heard.end = event.response.status;
}

const completions: Format = {
  name: 'completions',
  isPlain: true,
  ask: ({ openai }, { prompt, stream, onEvent }) =>
    hear(async (heard) => {
      const add = (reply: OpenAI.Completion): void => {
        heard.raw += JSON.stringify(reply);
        const [choice] = reply.choices;
        heard.spoken += choice?.text ?? '';
        heard.end = choice?.finish_reason ?? heard.end;
      };
      const request = { model: COMPLETIONS_MODEL, prompt };
      if (!stream) return add(await openai.completions.create(request));
      for await (const chunk of await openai.completions.create({ ...request, stream })) {
        add(chunk);
        onEvent?.(heard);
      }
    }),
};

const messages: Format = {
  name: 'messages',
  isPlain: false,
  ask: ({ anthropic }, { prompt, stream, onEvent }) =>
    hear(async (heard) => {
      const request = {
        model: 'claude-sonnet-4.6',
        max_tokens: 100,
        messages: [{ role: 'user' as const, content: prompt }],
      };
      if (!stream) return addMessage(heard, await anthropic.messages.create(request));
      const events = anthropic.messages.stream(request);
      for await (const event of events) {
        heard.raw += JSON.stringify(event);
        if (event.type === 'message_stop') heard.end = 'message_stop';
        if (event.type === 'content_block_delta') addDelta(heard, event.delta);
        onEvent?.(heard);
      }
      const whole = { ...heard, spoken: '', reasoning: '', called: '' };
      addMessage(whole, await events.finalMessage());
      heard.called &&= JSON.stringify(JSON.parse(heard.called));
      heard.repeated = lanesOf(whole);
    }),
};

function addDelta(heard: Heard, delta: Anthropic.RawContentBlockDelta): void {
  if (delta.type === 'text_delta') heard.spoken += delta.text;
  if (delta.type === 'thinking_delta') heard.reasoning += delta.thinking;
  if (delta.type === 'input_json_delta') heard.called += delta.partial_json;
}

function addMessage(heard: Heard, message: Anthropic.Message): void {
  heard.raw += JSON.stringify(message);
  for (const block of message.content) {
    if (block.type === 'text') heard.spoken += block.text;
    if (block.type === 'thinking') heard.reasoning += block.thinking;
    if (block.type === 'tool_use') heard.called += JSON.stringify(block.input);
  }
  heard.end = message.stop_reason ?? undefined;
}

/** Every format that has answers of text. */
export const FORMATS: readonly Format[] = [chat, responses, completions, messages];
