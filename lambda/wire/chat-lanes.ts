/** The names under which a message of chat completions holds text, in replies, chunks and earlier answers sent back. */
import type { LaneContent } from './lane.ts';

/** All spellings of reasoning among them. Sources: OpenAI, DeepSeek, OpenRouter, vLLM, Copilot, Ollama. */
export const TEXT_MEMBERS: readonly (readonly [string, LaneContent])[] = [
  ['content', 'message'],
  ['reasoning_content', 'reasoning'],
  ['reasoning', 'reasoning'],
  ['reasoning_text', 'reasoning'],
  ['thinking', 'reasoning'],
  ['thinking_blocks', 'reasoning'],
  ['refusal', 'refusal'],
];

/** Of an element of `reasoning_details`; what is encrypted stands under `data`. */
export const DETAIL_MEMBERS: readonly string[] = ['text', 'summary'];
