/** Who calls, by the headers of the request. */

export interface Caller {
  readonly requestId: string;
  readonly conversationId?: string;
  readonly userId?: string;
  readonly teamId?: string;
  readonly orgId?: string;
  readonly agentId?: string;
  /** The gateway key as presented, without its scheme. */
  readonly presentedKey?: string;
}

/** What upstream accepts as X-Client-Request-Id, so that one id finds a request on both sides. */
const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;
const MAX_ID_LENGTH = 256;

/** @param freshId makes an id when the caller sent none that looks like one. */
export function readCaller(headers: Readonly<Record<string, string>>, freshId: () => string): Caller {
  const sent = headers['x-request-id'];
  const requestId = sent !== undefined && REQUEST_ID.test(sent) ? sent : freshId();
  const presentedKey = presentedKeyOf(headers);
  return {
    requestId,
    ...named('conversationId', headers['x-conversation-id']),
    ...named('userId', headers['x-user-id']),
    ...named('teamId', headers['x-team-id']),
    ...named('orgId', headers['x-org-id']),
    ...named('agentId', headers['x-keeptrusts-agent-id']),
    ...(presentedKey !== undefined && { presentedKey }),
  };
}

function named<K extends string>(name: K, value: string | undefined): { readonly [P in K]?: string } {
  // A computed key widens to an index signature; the cast names the one key that it is.
  return value === undefined || value === ''
    ? {}
    : ({ [name]: value.slice(0, MAX_ID_LENGTH) } as Record<K, string>);
}

function presentedKeyOf(headers: Readonly<Record<string, string>>): string | undefined {
  const match = /^Bearer\s+(\S+)\s*$/i.exec(headers['authorization'] ?? '');
  return match?.[1] ?? headers['x-api-key'];
}
