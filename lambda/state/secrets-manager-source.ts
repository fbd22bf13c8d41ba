/**
 * Upstream keys from the stack's Secrets Manager secret: one JSON object, names to values. A reference by
 * environment variable and one by store name are looked up under the same name, so that one policy file serves
 * the laptop and the stack unchanged.
 */
import type { SecretRef } from '../config/gateway-config.ts';

export interface SecretsManagerSourceOptions {
  /** Fetches the text of the secret. */
  readonly fetchText: () => Promise<string>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told when a fetch fails or the text is no JSON object of strings; never gets a value. */
  readonly onFailure: (problem: string) => void;
  /** After this age the values are renewed in the background. Default 15 minutes. */
  readonly maxAgeMs?: number;
}

type Values = ReadonlyMap<string, string>;

const MAX_AGE_MS = 15 * 60_000;
/** Values younger than that are not read again, whoever asks. */
const LEAST_AGE_MS = 5_000;
/** After a failed fetch the next is not tried before that, so that an outage is not made worse. */
const REST_AFTER_FAILURE_MS = 5_000;

/** Fits SecretSource: get never throws and waits only for the first fetch, or for the one after a forget. */
export class SecretsManagerSource {
  readonly #options: SecretsManagerSourceOptions;
  #values: Values | undefined;
  #fetchedAt = -Infinity;
  #failedAt = -Infinity;
  #isForgotten = false;
  #fetching: Promise<void> | undefined;

  constructor(options: SecretsManagerSourceOptions) {
    this.#options = options;
  }

  async get(ref: SecretRef): Promise<string | undefined> {
    const age = this.#options.now() - this.#fetchedAt;
    if (this.#values === undefined || this.#isForgotten) await this.#fetch();
    else if (age >= (this.#options.maxAgeMs ?? MAX_AGE_MS)) void this.#fetch();
    const value = this.#values?.get('env' in ref ? ref.env : ref.store);
    return value === '' ? undefined : value;
  }

  /** All names live in one secret, so forgetting one renews them all; the old values serve if that fails. */
  forget(_ref: SecretRef): void {
    // An upstream that refuses a key which was just read refuses it for good: more reading would not help.
    this.#isForgotten = this.#options.now() - this.#fetchedAt >= LEAST_AGE_MS;
  }

  /** Starts the first fetch before anybody asks. */
  async warm(): Promise<void> {
    if (this.#values === undefined) await this.#fetch();
  }

  async #fetch(): Promise<void> {
    if (this.#options.now() - this.#failedAt < REST_AFTER_FAILURE_MS) return;
    this.#fetching ??= this.#renew().finally(() => {
      this.#fetching = undefined;
    });
    await this.#fetching;
  }

  async #renew(): Promise<void> {
    this.#isForgotten = false;
    try {
      this.#values = parseValues(await this.#options.fetchText());
      this.#fetchedAt = this.#options.now();
    } catch (error) {
      this.#failedAt = this.#options.now();
      this.#options.onFailure(error instanceof Error ? `${error.name}: ${error.message}` : 'unknown failure');
    }
  }
}

/** JSON.parse quotes the text in its message, and the text is the secret: the message here is our own. */
function parseValues(text: string): Values {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Error('the secret is not JSON; it must be one object, e.g. {"AIMLAPI_KEY": "…"}');
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new Error('the secret must be one JSON object, e.g. {"AIMLAPI_KEY": "…"}');
  }
  return new Map(
    Object.entries(content).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
