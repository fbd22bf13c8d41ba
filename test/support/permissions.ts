/** What a role of a synthesised stack may do, and to what. */
import type { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';

const policySchema = z.object({
  Properties: z.object({
    Roles: z.array(z.object({ Ref: z.string() })),
    PolicyDocument: z.object({
      Statement: z.array(
        z.object({ Action: z.union([z.string(), z.array(z.string())]), Resource: z.unknown() }),
      ),
    }),
  }),
});

/** A statement: its actions, and its resources with what follows their ARN. */
export type Permission = readonly [actions: string, resources: string];

/** @param role The beginning of the role's logical id. */
export function permissionsOf(template: Template, role: string): readonly Permission[] {
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .map((policy) => policySchema.parse(policy).Properties)
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref.startsWith(role)))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .map(({ Action, Resource }) => [[Action].flat().join(' '), [Resource].flat().map(nameOf).join(' ')]);
}

function nameOf(resource: unknown): string {
  const text = JSON.stringify(resource);
  const [, id = text] = /"(\w+?)[0-9A-F]{8}"/.exec(text) ?? [];
  const [, suffix = ''] = /,"(\/[^"]*)"\]/.exec(text) ?? [];
  return id + suffix;
}
