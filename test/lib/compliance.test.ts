/** The templates against the rules of others: cdk-nag's AwsSolutions, and cfn-lint. */
import { join } from 'node:path';
import { Stage, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import type { GatewayStack } from '../../lib/gateway-stack.ts';
import { piiSettings } from '../lambda/policies/settings.ts';
import { cfnLint, findCfnLint } from '../support/cfn-lint.ts';
import { aStack } from '../support/test-app.ts';

const variants = [true, false].flatMap((immutable) =>
  [true, false].map((logAllAccess) => {
    // Either half of the cases has each encryption; what logs all access captures, too.
    const auditEncryption = immutable === logAllAccess ? 'kms' : 's3';
    return [
      `immutable ${immutable}, log_all_access ${logAllAccess}, encryption ${auditEncryption}`,
      {
        audit: { immutable, logAllAccess, ...(logAllAccess && { captureRedactor: piiSettings() }) },
        context: { auditEncryption },
      },
    ] as const;
  }),
);

/** Synthesises the stack's app under the rules; throws when there is a finding that nobody acknowledged. */
function synthesiseUnderRules(stack: GatewayStack): string {
  const app = Stage.of(stack);
  if (!app) throw new Error('the stack is in no app');
  Validations.of(app).addPlugins(new AwsSolutionsChecks());
  return join(app.synth().directory, `${stack.stackName}.template.json`);
}

describe('cdk-nag', () => {
  it.each(variants)('has no finding that is not acknowledged, with %s', (_case, options) => {
    expect(() => synthesiseUnderRules(aStack(options))).not.toThrow();
  });

  it('finds a bucket that nobody protected, so that its silence means something', () => {
    const stack = aStack();
    expect(new Bucket(stack, 'Unprotected').node.id).toBe('Unprotected');
    expect(() => synthesiseUnderRules(stack)).toThrow(/AwsSolutions-S1/);
  });
});

describe('cfn-lint', () => {
  it('has nothing to say against the templates', { timeout: 240_000 }, async (context) => {
    const found = await findCfnLint();
    if ('missing' in found) {
      process.stdout.write(`cfn-lint is not to be had here, its test is skipped: ${found.missing}\n`);
      return context.skip();
    }
    for (const [, options] of variants) {
      expect(await cfnLint(found.command, synthesiseUnderRules(aStack(options)))).toBe('');
    }
  });
});
