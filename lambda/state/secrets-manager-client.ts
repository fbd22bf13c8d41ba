/** Reads the text of a Secrets Manager secret. */
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** One client for all secrets of the stack; region, credentials and endpoint come from the environment. */
export function secretReader(): (secretId: string) => Promise<string> {
  const client = new SecretsManagerClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
  });
  return async (secretId) => {
    const { SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    if (text === undefined)
      throw new Error('the secret holds bytes; it must hold the text of one JSON object');
    return text;
  };
}
