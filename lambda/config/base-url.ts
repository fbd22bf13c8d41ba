/** The address of a target: what is allowed, and the one form in which the gateway keeps it. */
import { isIP } from 'node:net';

export type BaseUrl =
  | { readonly ok: true; readonly url: string }
  | { readonly ok: false; readonly reason: string; readonly fix: string };

/** Ends of addresses that people copy whole although only the base belongs here. */
const ENDPOINT = /\/(?:chat\/completions|completions|embeddings|responses|messages|models)$/;

/**
 * Reads `base_url`. Without a path it gets `/v1`; any other path stays as it is, less the slashes at its end.
 * No message quotes the address, since it may hold a password.
 */
export function readBaseUrl(written: string): BaseUrl {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url === undefined || url.host === '' || /\s/.test(written)) {
    return refuse('base_url is not a URL', 'write it whole, e.g. https://api.aimlapi.com/v1');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return refuse('base_url must be an https URL', 'start it with https://');
  }
  if (url.username !== '' || url.password !== '') {
    return refuse('base_url holds credentials', 'remove them and name the key in secret_key_ref');
  }
  if (/[?#]/.test(written)) {
    return refuse('base_url holds a query or a fragment', 'end it before the `?` or `#`');
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return refuse('base_url is not encrypted', 'use https://; http is for loopback addresses only');
  }
  const path = url.pathname.replace(/\/+$/, '');
  if (ENDPOINT.test(path)) {
    return refuse('base_url names an endpoint', 'end it before the endpoint, usually with /v1');
  }
  return { ok: true, url: `${url.origin}${path === '' ? '/v1' : path}` };
}

/** True for 127.0.0.0/8, ::1 and the names that RFC 6761 reserves for them. */
function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare) === 4) return bare.startsWith('127.');
  return bare === '::1' || bare === 'localhost' || bare.endsWith('.localhost');
}

function refuse(reason: string, fix: string): BaseUrl {
  return { ok: false, reason, fix };
}
