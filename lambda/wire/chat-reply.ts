/** Where text lives in a whole /v1/chat/completions reply. */
import { TEXT_MEMBERS } from './chat-lanes.ts';
import { addCalls, addReasoningDetails } from './chat-request.ts';
import { addCitation, annotationSpans } from './citations.ts';
import { openAiFinishReason } from './finish-reason.ts';
import { asArray, asObject, asString, isAbsent } from './json-value.ts';
import type { JsonObject, JsonPath } from './json-value.ts';
import { ASSISTANT, shadow, TextCollector } from './located.ts';
import { logprobTexts } from './logprobs.ts';
import { partTexts } from './text-parts.ts';
import type { LocatedText, Repair } from './wire-format.ts';

export function chatReplyTexts(body: JsonObject, source: string): readonly LocatedText[] {
  const collector = new TextCollector(source);
  for (const [index, value] of asArray(body['choices']).entries()) {
    const choice = asObject(value);
    if (choice !== undefined) addReplyChoice(collector, choice, ['choices', index], ['choices', index]);
  }
  return collector.texts;
}

/** The texts of one whole choice. @param lanePath where the choice stands in the assembled reply. */
export function addReplyChoice(
  collector: TextCollector,
  choice: JsonObject,
  at: JsonPath,
  lanePath: JsonPath,
): void {
  const shadows = shadow(choice, 'logprobs', at);
  const message = asObject(choice['message']);
  // Some vendors' text of completions stands in chat choices too, where no client looks but a log does.
  collector.add(choice['text'], [...at, 'text'], ASSISTANT, 'message', {
    shadows,
    lanePath: [...lanePath, 'text'],
    isRepetition: message !== undefined,
  });
  if (!isAbsent(choice['logprobs'])) {
    const lane = [...lanePath, 'logprobs'];
    const { tokens, alternatives } = logprobTexts(choice['logprobs'], [...at, 'logprobs'], lane);
    collector.texts.push(...tokens, ...alternatives);
  }
  if (message !== undefined) {
    addReplyMessage(collector, message, [...at, 'message'], [...lanePath, 'message'], shadows);
  }
}

function addReplyMessage(
  collector: TextCollector,
  message: JsonObject,
  at: JsonPath,
  lanePath: JsonPath,
  shadows: readonly JsonPath[],
): void {
  const laneOf = (path: JsonPath): JsonPath => [...lanePath, ...path.slice(at.length)];
  for (const [member, content] of TEXT_MEMBERS) {
    const value = message[member];
    if (isAbsent(value)) continue;
    const place = [...at, member];
    const isCited = member === 'content' && typeof value === 'string';
    const spans = isCited ? annotationSpans(message, at) : [];
    if (typeof value === 'number') {
      collector.addEmbedded(value, place, ASSISTANT, content, { lanePath: laneOf(place) });
    }
    for (const part of partTexts(value, place, content)) {
      const lane = laneOf(part.at);
      collector.add(part.text, part.at, ASSISTANT, part.content, { shadows, spans, lanePath: lane });
    }
  }
  addReasoningDetails(collector, message, at, ASSISTANT, lanePath);
  const audio = asObject(message['audio']);
  if (audio !== undefined) {
    const spoken = [...at, 'audio', 'transcript'];
    collector.add(audio['transcript'], spoken, ASSISTANT, 'transcript', { lanePath: laneOf(spoken) });
  }
  for (const [index, annotation] of asArray(message['annotations']).entries()) {
    addCitation(collector, annotation, [...at, 'annotations', index], ASSISTANT);
  }
  addCalls(collector, message, at, ASSISTANT, lanePath);
}

/** Vendors' own finish reasons become OpenAI's, which is what the clients branch on. */
export function chatReplyRepairs(body: JsonObject): readonly Repair[] {
  return asArray(body['choices']).flatMap((choice, index) => {
    const reason = asString(asObject(choice)?.['finish_reason']);
    const mapped = openAiFinishReason(reason);
    return mapped === reason || mapped === undefined
      ? []
      : [{ path: ['choices', index, 'finish_reason'], json: JSON.stringify(mapped) }];
  });
}

export function chatReplyFinishReason(body: JsonObject): string | undefined {
  return asString(asObject(asArray(body['choices'])[0])?.['finish_reason']);
}
