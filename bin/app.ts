/** The CDK app: reads the policy file, refuses a bad one, makes the stacks and checks them. */
import { Annotations, App, Stage, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { AuditQueryStack } from '../lib/audit-query-stack.ts';
import { readDeploySettings } from '../lib/deploy-settings.ts';
import { GatewayStack } from '../lib/gateway-stack.ts';
import { readPolicyFile } from '../lib/policy-file.ts';

function makeApp(): void {
  const app = new App();
  const settings = readDeploySettings(app.node);
  const { config, warnings } = readPolicyFile(settings.policyConfig);
  const stack = new GatewayStack(app, settings.stackName, { config, settings });
  // In a stage of its own, so that `cdk deploy` without a name goes on meaning the serving stack.
  const queries = new AuditQueryStack(new Stage(app, 'AuditQuery'), 'Stack', {
    stackName: `${settings.stackName}-AuditQuery`,
    gatewayStackName: settings.stackName,
    scanLimitGiB: settings.queryScanLimitGiB,
  });
  for (const [index, warning] of warnings.entries()) {
    Annotations.of(stack).addWarningV2(`keeptrusts:policy-file-${index + 1}`, warning);
  }
  for (const each of [stack, queries]) {
    Tags.of(each).add('keeptrusts:pack', `${config.pack.name}@${config.pack.version}`);
  }
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
}

try {
  makeApp();
} catch (error) {
  // The message says it all; the CDK would bury it under a stack trace.
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
