/** Finds the parts of a deployed stack by its outputs. */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CommandFailure } from '../terminal.ts';

/** The value of one output of a stack, in the account and region of the environment. */
export async function stackOutput(stack: string, output: string): Promise<string> {
  const client = new CloudFormationClient({});
  const { Stacks: stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
  const value = stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === output)?.OutputValue;
  if (value === undefined) {
    throw new CommandFailure(
      1,
      `the stack ${stack} has no output ${output}: deploy it again with npm run deploy`,
    );
  }
  return value;
}
