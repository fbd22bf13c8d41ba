/** One request on its way through the gateway, once its body is read. */
import type { JsonEdit } from '../wire/edit-json.ts';
import type { Chain } from '../policies/chain.ts';
import type { GatewayRequest } from '../http/gateway-request.ts';
import type { ReadBody } from '../http/read-body.ts';
import type { ExchangeRecord } from './record.ts';
import type { Runtime } from './runtime.ts';

export interface Exchange {
  readonly runtime: Runtime;
  readonly record: ExchangeRecord;
  readonly request: GatewayRequest;
  readonly body: ReadBody;
  readonly chain: Chain;
  /** What the policies changed in the request. */
  readonly edits: readonly JsonEdit[];
}
