/** Where text lives in a whole /v1/chat/completions reply. */
import { addCalls, addReasoningDetails } from './chat-request.ts';
import { openAiFinishReason } from './finish-reason.ts';
import { asArray, asObject, asString } from './json-value.ts';
import type { JsonObject, JsonPath } from './json-value.ts';
import type { LaneContent } from './lane.ts';
import { ASSISTANT, shadow, TextCollector } from './located.ts';
import type { LocatedText, Repair } from './wire-format.ts';

/** Members of a message or delta that are lanes of plain text. */
export const PLAIN_LANES: readonly (readonly [string, LaneContent])[] = [
  ['content', 'message'],
  ['reasoning_content', 'reasoning'],
  ['reasoning', 'reasoning'],
  ['refusal', 'refusal'],
];

export function chatReplyTexts(body: JsonObject, source: string): readonly LocatedText[] {
  const collector = new TextCollector(source);
  for (const [index, value] of asArray(body['choices']).entries()) {
    const choice = asObject(value);
    const message = asObject(choice?.['message']);
    if (message !== undefined) addReplyMessage(collector, message, ['choices', index], choice ?? {});
  }
  return collector.texts;
}

/** The texts of one choice's `message`; `at` is the choice. */
export function addReplyMessage(
  collector: TextCollector,
  message: JsonObject,
  at: JsonPath,
  choice: JsonObject,
): void {
  const shadows = shadow(choice, 'logprobs', at);
  const place = [...at, 'message'];
  for (const [member, content] of PLAIN_LANES) {
    collector.add(message[member], [...place, member], ASSISTANT, content, { shadows });
  }
  for (const [index, part] of asArray(message['content']).entries()) {
    collector.add(asObject(part)?.['text'], [...place, 'content', index, 'text'], ASSISTANT, 'message', {
      shadows,
    });
  }
  addReasoningDetails(collector, message, place, ASSISTANT);
  const transcript = asObject(message['audio'])?.['transcript'];
  collector.add(transcript, [...place, 'audio', 'transcript'], ASSISTANT, 'transcript');
  addAnnotations(collector, message, place);
  addCalls(collector, message, place, ASSISTANT);
}

/** The citations of a message or delta that stands at `at`. */
export function addAnnotations(collector: TextCollector, message: JsonObject, at: JsonPath): void {
  for (const [index, annotation] of asArray(message['annotations']).entries()) {
    const citation = asObject(asObject(annotation)?.['url_citation']);
    for (const member of ['title', 'content']) {
      const place = [...at, 'annotations', index, 'url_citation', member];
      collector.add(citation?.[member], place, ASSISTANT, 'annotation');
    }
  }
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
