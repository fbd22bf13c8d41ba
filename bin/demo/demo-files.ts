/** The folder of a demo: its policy configuration, and where its events go. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The model that is asked first. */
export const PRIMARY_MODEL = 'openai/gpt-4o';
/** The model that steps in. */
export const RESERVE_MODEL = 'meta-llama/Llama-3.3-70B-Instruct-Turbo';

export interface DemoFiles {
  readonly policyConfig: string;
  readonly auditDir: string;
  /** Takes the whole folder away. */
  readonly remove: () => Promise<void>;
}

/** Makes a folder of its own among the system's temporary ones. */
export async function makeDemoFiles(upstreamUrl: string): Promise<DemoFiles> {
  const dir = await mkdtemp(join(tmpdir(), 'kt-demo-'));
  const policyConfig = join(dir, 'policy-config.yaml');
  await writeFile(policyConfig, demoConfig(upstreamUrl));
  return {
    policyConfig,
    auditDir: join(dir, 'audit'),
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

function demoConfig(upstreamUrl: string): string {
  return `pack:
  name: kt-demo
  version: 1.0.0
  enabled: true
policies:
  chain:
    - prompt-injection
    - pii-detector
    - safety-filter
    - audit-logger
policy:
  prompt-injection: {threshold: 0.8, action: block}
  pii-detector: {action: redact}
  safety-filter: {mode: strict, action: block}
  audit-logger: {retention_days: 365}
providers:
  targets:
    - id: primary
      provider: aimlapi
      model: ${PRIMARY_MODEL}
      base_url: ${upstreamUrl}
    - id: reserve
      provider: aimlapi
      model: ${RESERVE_MODEL}
      base_url: ${upstreamUrl}
  retry: {max_retries: 0}
`;
}
