/** The start record: written while upstream is called, so that a request shows even where its decision never came. */
import type { DecisionEvent } from './decision-event.ts';

/** The fields that a start record has in common with the decision that is to follow, as they are known by then. */
type SharedField =
  | 'schema_version'
  | 'request_id'
  | 'conversation_id'
  | 'org_id'
  | 'team_id'
  | 'user_id'
  | 'consumer'
  | 'consumer_group'
  | 'agent_id'
  | 'gateway_id'
  | 'environment'
  | 'pack_name'
  | 'config_version'
  | 'config_hash'
  | 'target_id'
  | 'provider'
  | 'requested_model'
  | 'route'
  | 'stream'
  | 'prompt_hash'
  | 'audit'
  | 'chain';

/** One for each request whose target is called, in the chain before its decision event. */
export interface StartEvent extends Pick<DecisionEvent, SharedField> {
  /** `sta_` and the ULID of the decision's id. */
  readonly event_id: string;
  readonly event_type: 'start';
  /** When the first target was called: ISO 8601, UTC, microseconds. */
  readonly timestamp: string;
  /** The `event_id` of the decision event that ends the request. */
  readonly decision_id: string;
}

/** The id of the start record that belongs to a decision. */
export function startIdOf(decisionId: string): string {
  return decisionId.replace(/^evt_/, 'sta_');
}
