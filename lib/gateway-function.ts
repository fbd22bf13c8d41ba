/** The function that serves the gateway, and the URL that callers use. */
import { Duration, Stack } from 'aws-cdk-lib';
import { Architecture, Function, FunctionUrlAuthType, InvokeMode, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ENVIRONMENT_NAMES } from '../lambda/config/environment.ts';
import type { GatewayConfig } from '../lambda/config/gateway-config.ts';
import type { DeploySettings } from './deploy-settings.ts';
import { functionCode } from './function-bundle.ts';
import { functionLog } from './function-log.ts';

export interface GatewayFunctionProps {
  readonly config: GatewayConfig;
  readonly settings: DeploySettings;
}

export class GatewayFunction extends Construct {
  readonly function: Function;
  readonly url: string;

  constructor(scope: Construct, id: string, props: GatewayFunctionProps) {
    super(scope, id);
    const { config, settings } = props;
    this.function = new Function(this, 'Function', {
      description: `AI gateway with the policies of ${config.pack.name} ${config.pack.version}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'gateway-handler.handler',
      code: functionCode('gateway-handler', config),
      ...functionLog(this, settings.logRetention),
      memorySize: settings.memoryMiB,
      // Lambda's own limit: what ends a request earlier is the deadline of its target.
      timeout: Duration.seconds(900),
      ...(settings.reservedConcurrency !== undefined && {
        reservedConcurrentExecutions: settings.reservedConcurrency,
      }),
      environment: {
        [ENVIRONMENT_NAMES.gatewayId]: Stack.of(this).stackName,
        [ENVIRONMENT_NAMES.environment]: settings.environment,
        [ENVIRONMENT_NAMES.failMode]: settings.failMode,
        ...settings.tracing,
      },
    });
    // OpenAI clients put the gateway key where a signed request has its signature, so the check is our own.
    this.url = this.function.addFunctionUrl({
      authType: FunctionUrlAuthType.NONE,
      invokeMode: InvokeMode.RESPONSE_STREAM,
    }).url;
  }
}
