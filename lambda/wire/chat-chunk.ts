/** Where text lives in one chunk of a streamed /v1/chat/completions or /v1/completions reply. */
import { DETAIL_MEMBERS, TEXT_MEMBERS } from './chat-lanes.ts';
import { addReplyChoice } from './chat-reply.ts';
import { addCitation, spansOf } from './citations.ts';
import { openAiFinishReason } from './finish-reason.ts';
import { asArray, asNumber, asObject, asString, isAbsent, isObject } from './json-value.ts';
import type { JsonObject, JsonPath, JsonValue } from './json-value.ts';
import type { LaneContent } from './lane.ts';
import { ASSISTANT, shadow, TextCollector } from './located.ts';
import { logprobTexts } from './logprobs.ts';
import { partTexts } from './text-parts.ts';
import type { ChunkReading, LaneSpan, LocatedText, Repair } from './wire-format.ts';

export function readChatChunk(data: JsonObject, _event: string | undefined, source: string): ChunkReading {
  const reader = new ChatChunkReader(source);
  const choices = asArray(data['choices']);
  for (let at = 0; at < choices.length; at += 1) {
    const choice = choices[at];
    if (isObject(choice)) reader.readChoice(choice, at);
  }
  // The official client's stream helper dies of a chunk without choices.
  if (!Array.isArray(data['choices'])) reader.repairs.push({ path: ['choices'], json: '[]' });
  const isAccounting = choices.length === 0 && (isObject(data['usage']) || isObject(data['meta']));
  return reader.reading(isAccounting);
}

/** What is told of all parts of one choice. */
interface Choice {
  readonly at: JsonPath;
  readonly index: number;
  /** Path of the choice in the assembled reply. */
  readonly lane: string;
  readonly shadows: readonly JsonPath[];
}

class ChatChunkReader {
  readonly repairs: Repair[] = [];
  private readonly deltas: LocatedText[] = [];
  private readonly wholes: TextCollector;
  private readonly spans: LaneSpan[] = [];
  private readonly finishes: string[] = [];
  private hasCall = false;
  private finishReason: string | undefined;

  constructor(source: string) {
    this.wholes = new TextCollector(source);
  }

  reading(isAccounting: boolean): ChunkReading {
    const { repairs, deltas, spans, finishes, finishReason } = this;
    const wholes = this.wholes.texts;
    const hasContent = this.hasCall || [...deltas, ...wholes].some(({ isGathered }) => isGathered !== true);
    const reason = finishReason === undefined ? {} : { finishReason };
    const said = { repairs, deltas, wholes, spans, finishes, hasContent, isAccounting };
    return { ...said, ends: [], isFinal: false, ...reason };
  }

  readChoice(choice: JsonObject, position: number): void {
    const index = asNumber(choice['index']) ?? position;
    const at = ['choices', position];
    const shadows = shadow(choice, 'logprobs', at);
    const here: Choice = { at, index, lane: `/choices/${index}`, shadows };
    const delta = asObject(choice['delta']);
    if (isObject(choice['message'])) addReplyChoice(this.wholes, choice, at, ['choices', index]);
    else {
      const isRepetition = typeof delta?.['content'] === 'string';
      this.add(here, choice['text'], [...at, 'text'], 'text', 'message', { isRepetition });
      if (shadows.length > 0) this.readLogprobs(choice['logprobs'], here);
    }
    if (delta !== undefined) this.readDelta(here, delta, [...at, 'delta']);
    this.readFinish(choice, here);
  }

  private readLogprobs(value: JsonValue | undefined, { at, index }: Choice): void {
    const { tokens, alternatives } = logprobTexts(value, [...at, 'logprobs'], ['choices', index, 'logprobs']);
    this.deltas.push(...tokens);
    this.wholes.texts.push(...alternatives);
  }

  private readFinish(choice: JsonObject, { at, lane }: Choice): void {
    const reason = asString(choice['finish_reason']);
    // Some upstreams write an empty one where others write null.
    if (reason === undefined || reason === '') return;
    this.finishReason = reason;
    this.finishes.push(`${lane}/`);
    const mapped = openAiFinishReason(reason);
    if (mapped !== undefined && mapped !== reason) {
      this.repairs.push({ path: [...at, 'finish_reason'], json: JSON.stringify(mapped) });
    }
  }

  private readDelta(here: Choice, delta: JsonObject, at: JsonPath): void {
    for (const [member, content] of TEXT_MEMBERS) {
      const value = delta[member];
      if (isAbsent(value) || value === '') continue;
      this.readMember(here, value, [...at, member], `message/${member}`, content);
    }
    if (delta['reasoning_details'] !== undefined) this.readDetails(here, delta, at);
    if (delta['tool_calls'] !== undefined) this.readToolCalls(here, delta, at);
    const call = asObject(delta['function_call']);
    if (call !== undefined) this.readCall(here, call, [...at, 'function_call'], 'message/function_call');
    const transcript = asObject(delta['audio'])?.['transcript'];
    const spoken = [...at, 'audio', 'transcript'];
    this.add(here, transcript, spoken, 'message/audio/transcript', 'transcript');
    for (const [index, annotation] of asArray(delta['annotations']).entries()) {
      const place = [...at, 'annotations', index];
      const inReply = ['choices', here.index, 'message', 'annotations', index];
      addCitation(this.wholes, annotation, place, ASSISTANT, inReply);
      const lane = `${here.lane}/message/content`;
      this.spans.push(...spansOf(annotation, place).map((span) => ({ ...span, lane })));
    }
  }

  private readMember(
    here: Choice,
    value: JsonValue,
    at: JsonPath,
    member: string,
    content: LaneContent,
  ): void {
    if (typeof value === 'string') this.add(here, value, at, member, content);
    else if (typeof value === 'number') this.wholes.addEmbedded(value, at, ASSISTANT, content);
    else {
      for (const part of partTexts(value, at, content)) {
        const lane = part.content === content ? member : `${member}/${part.content}`;
        this.add(here, part.text, part.at, lane, part.content);
      }
    }
  }

  private add(
    { lane, shadows }: Choice,
    value: JsonValue | undefined,
    at: JsonPath,
    member: string,
    content: LaneContent,
    more: { form?: 'json'; tool?: string | undefined; isRepetition?: boolean } = {},
  ): void {
    if (typeof value !== 'string' || value === '') return;
    const { tool, form = 'text', isRepetition } = more;
    const path = `${lane}/${member}`;
    this.deltas.push({
      lane: { ...ASSISTANT, content, path, ...(tool !== undefined && { tool }) },
      at,
      text: value,
      form,
      ...(shadows.length > 0 && { shadows }),
      ...(isRepetition === true && { isRepetition }),
    });
  }

  private readDetails(here: Choice, delta: JsonObject, at: JsonPath): void {
    for (const [position, value] of asArray(delta['reasoning_details']).entries()) {
      const detail = asObject(value);
      const number = asNumber(detail?.['index']) ?? position;
      for (const member of DETAIL_MEMBERS) {
        const place = [...at, 'reasoning_details', position, member];
        const lane = `message/reasoning_details/${number}/${member}`;
        this.add(here, detail?.[member], place, lane, 'reasoning');
      }
    }
  }

  private readToolCalls(here: Choice, delta: JsonObject, at: JsonPath): void {
    for (const [position, value] of asArray(delta['tool_calls']).entries()) {
      const call = asObject(value);
      const number = asNumber(call?.['index']) ?? position;
      const place = [...at, 'tool_calls', position];
      const member = `message/tool_calls/${number}`;
      const called = asObject(call?.['function']);
      if (called !== undefined) this.readCall(here, called, [...place, 'function'], `${member}/function`);
      const input = asObject(call?.['custom'])?.['input'];
      this.add(here, input, [...place, 'custom', 'input'], `${member}/custom/input`, 'tool_arguments');
    }
  }

  private readCall(here: Choice, call: JsonObject, holder: JsonPath, member: string): void {
    // A call's name reaches the caller as the beginning of an answer, even before its first argument.
    this.hasCall = true;
    const at = [...holder, 'arguments'];
    const tool = asString(call['name']);
    this.add(here, call['arguments'], at, `${member}/arguments`, 'tool_arguments', { form: 'json', tool });
    this.wholes.addEmbedded(call['arguments'], at, ASSISTANT, 'tool_arguments', { tool });
  }
}
