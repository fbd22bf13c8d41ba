/** The kinds of policy: those that exist here, and those known from Keeptrusts that do not. */
import type { PolicyKind } from './gateway-config.ts';

export const POLICY_KINDS = [
  'prompt-injection',
  'pii-detector',
  'safety-filter',
  'audit-logger',
] as const satisfies readonly PolicyKind[];

/** Kinds of Keeptrusts that a chain may name elsewhere but not here. */
export const MISSING_KINDS: readonly string[] = [
  'dlp-filter',
  'rbac',
  'data-routing-policy',
  'agent-firewall',
  'tool-validation',
  'language-validator',
  'response-rewriter',
  'external-moderation',
  'cost-guard',
];

/** True for the name of a kind that exists here. */
export function isPolicyKind(name: unknown): name is PolicyKind {
  return POLICY_KINDS.some((kind) => kind === name);
}
