/** Runs `cdk synth` as a person would, and finds the function in what it made. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

export interface Assembly {
  /** The folder of the function's asset. */
  readonly functionFolder: string;
  /** `module.export`. */
  readonly handler: string;
  readonly templateFile: string;
}

export interface SynthOptions {
  /** Where cdk.out goes. */
  readonly output: string;
  readonly policyConfig: string;
}

const CDK = join(dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json')), 'bin', 'cdk');

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).optional(),
      Metadata: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
});

/** Rejects with what the CDK wrote to standard error. No credentials, no Docker, no network. */
export async function synthesise({ output, policyConfig }: SynthOptions): Promise<Assembly> {
  const args = [CDK, 'synth', '--quiet', '--output', output, '-c', `policyConfig=${policyConfig}`];
  await promisify(execFile)(process.execPath, args, {
    env: {
      // The CDK starts `node bin/app.ts`: it must find this Node.
      PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
      HOME: output,
      CI: 'true',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  });
  const templateFile = join(output, 'KeeptrustsGateway.template.json');
  const { Resources } = templateSchema.parse(JSON.parse(await readFile(templateFile, 'utf8')));
  const fn = Object.values(Resources).find(({ Type }) => Type === 'AWS::Lambda::Function');
  return {
    functionFolder: join(output, z.string().parse(fn?.Metadata?.['aws:asset:path'])),
    handler: z.string().parse(fn?.Properties?.['Handler']),
    templateFile,
  };
}
