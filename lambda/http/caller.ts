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
    ...idOf(headers['x-conversation-id'], (conversationId) => ({ conversationId })),
    ...idOf(headers['x-user-id'], (userId) => ({ userId })),
    ...idOf(headers['x-team-id'], (teamId) => ({ teamId })),
    ...idOf(headers['x-org-id'], (orgId) => ({ orgId })),
    ...idOf(headers['x-keeptrusts-agent-id'], (agentId) => ({ agentId })),
    ...(presentedKey !== undefined && { presentedKey }),
  };
}

function idOf(value: string | undefined, member: (id: string) => Partial<Caller>): Partial<Caller> {
  return value === undefined || value === '' ? {} : member(value.slice(0, MAX_ID_LENGTH));
}

function presentedKeyOf(headers: Readonly<Record<string, string>>): string | undefined {
  const match = /^Bearer\s+(\S+)\s*$/i.exec(headers['authorization'] ?? '');
  return match?.[1] ?? headers['x-api-key'];
}
