/** The models that the embedded upstream serves, their prices, and the names they answer under. */

interface Model {
  /** Canonical id. */
  readonly id: string;
  readonly aliases: readonly string[];
  /** What stands as `model` in an answer. */
  readonly answersAs: string;
  readonly vendor: string;
  /** USD per 1,000,000 tokens. */
  readonly input: number;
  readonly output: number;
}

const model = (
  id: string,
  aliases: readonly string[],
  answersAs: string,
  input: number,
  output: number,
): Model => ({ id, aliases, answersAs, vendor: id.split('/')[0] ?? '', input, output });

const MODELS: readonly Model[] = [
  model('openai/gpt-4o', ['gpt-4o'], 'gpt-4o-2024-08-06', 3.25, 13),
  model('openai/gpt-4o-mini', ['gpt-4o-mini'], 'gpt-4o-mini-2024-07-18', 0.195, 0.78),
  model(
    'meta-llama/Llama-3.3-70B-Instruct-Turbo',
    [],
    'meta-llama/Llama-3.3-70B-Instruct-Turbo',
    1.144,
    1.144,
  ),
  model('anthropic/claude-sonnet-4.6', ['claude-sonnet-4-6'], 'claude-sonnet-4-6', 3.9, 19.5),
  model('deepseek/deepseek-chat', ['deepseek-chat'], 'deepseek-v4-flash', 0.36, 1.43),
  model('deepseek/deepseek-r1', ['deepseek-reasoner'], 'deepseek-r1', 0.715, 2.847),
  model('openai/text-embedding-3-small', ['text-embedding-3-small'], 'text-embedding-3-small', 0.026, 0),
];

/** Withdrawn by AIML API: 404. */
const WITHDRAWN = ['claude-3-5-sonnet-20241022', 'gemini-2.0-flash', 'x-ai/grok-beta'];

const BY_NAME = new Map(MODELS.flatMap((entry) => [entry.id, ...entry.aliases].map((name) => [name, entry])));

/** AIML API's unit of account: 2,000,000 credits are one USD. */
const CREDITS_PER_USD = 2_000_000;

/** The name a model answers under; a name that is not listed answers under itself. */
export const answeringModel = (name: string): string => BY_NAME.get(name)?.answersAs ?? name;

/** True when AIML API no longer serves it. */
export const isWithdrawn = (name: string): boolean => WITHDRAWN.includes(name);

/** The only models that /v1/messages serves. */
export const isClaude = (name: string): boolean => /(?:^|\/)claude/u.test(name);

/** What a request costs, in AIML API's two units. */
export interface Cost {
  readonly credits_used: number;
  readonly usd_spent: number;
}

/** The cost at the model's price; a model that is not listed costs 1 USD per million tokens. */
export function costOf(name: string, input: number, output: number): Cost {
  const price = BY_NAME.get(name) ?? { input: 1, output: 1 };
  const usd = (input * price.input + output * price.output) / 1_000_000;
  const credits = Math.round(usd * CREDITS_PER_USD);
  return { credits_used: credits, usd_spent: credits / CREDITS_PER_USD };
}

/** The body of GET /v1/models: items of AIML API's own form, without object, created and owned_by. */
export function modelList(): object {
  const data = MODELS.map((entry) => ({
    id: entry.id,
    aliases: entry.aliases,
    type: 'openai/chat-completions',
    info: { name: entry.id, developer: entry.vendor, contextLength: 128_000, outputMax: 16_384 },
    tags: [],
  }));
  return { object: 'list', data };
}
