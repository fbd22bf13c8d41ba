/** Why a model stopped, in the words of the OpenAI clients. */

/** Claude answers on chat completions in Anthropic's words. Source: AIML API's documentation of Claude models. */
const TO_OPENAI: ReadonlyMap<string, string> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['tool_use', 'tool_calls'],
]);

/** OpenAI's word for a finish reason; what is not known stays as it is. */
export function openAiFinishReason(reason: string | undefined): string | undefined {
  return reason === undefined ? undefined : (TO_OPENAI.get(reason) ?? reason);
}
