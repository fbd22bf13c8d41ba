/** The address of a target, as people write it and as the gateway keeps it. */
import { describe, expect, it } from 'vitest';
import { readBaseUrl } from '../../../lambda/config/base-url.ts';

describe('an address that is allowed', () => {
  it.each([
    ['https://api.aimlapi.com/v1', 'https://api.aimlapi.com/v1'],
    ['https://api.aimlapi.com/v1/', 'https://api.aimlapi.com/v1'],
    ['https://api.aimlapi.com', 'https://api.aimlapi.com/v1'],
    ['https://api.aimlapi.com/', 'https://api.aimlapi.com/v1'],
    ['https://example.com/openai/v1', 'https://example.com/openai/v1'],
    ['https://example.com/openai//', 'https://example.com/openai'],
    ['https://EXAMPLE.com:443/v1', 'https://example.com/v1'],
    ['https://example.com:8443', 'https://example.com:8443/v1'],
    ['http://127.0.0.1:8000', 'http://127.0.0.1:8000/v1'],
    ['http://127.8.9.1/v1', 'http://127.8.9.1/v1'],
    ['http://localhost:8000/v1', 'http://localhost:8000/v1'],
    ['http://models.localhost/v1', 'http://models.localhost/v1'],
    ['http://[::1]:8000', 'http://[::1]:8000/v1'],
  ])('%s is kept as %s', (written, url) => {
    expect(readBaseUrl(written)).toEqual({ ok: true, url });
  });
});

describe('an address that is refused', () => {
  it.each([
    ['', /not a URL/],
    ['api.aimlapi.com/v1', /not a URL/],
    ['https://', /not a URL/],
    ['https://exa mple.com', /not a URL/],
    ['ftp://example.com', /must be an https URL/],
    ['file:///etc/passwd', /not a URL|must be an https URL/],
    ['javascript:alert(1)', /not a URL|must be an https URL/],
    ['http://example.com/v1', /not encrypted/],
    ['http://10.0.0.1/v1', /not encrypted/],
    ['http://localhost.example.com', /not encrypted/],
    ['http://127.example.com', /not encrypted/],
    ['https://user@example.com/v1', /credentials/],
    ['https://user:secret@example.com/v1', /credentials/],
    ['https://example.com/v1?key=secret', /query/],
    ['https://example.com/v1?', /query/],
    ['https://example.com/v1#top', /fragment/],
    ['https://example.com/v1/chat/completions', /endpoint/],
  ])('%s', (written, reason) => {
    const read = readBaseUrl(written);
    expect(read.ok ? '' : read.reason).toMatch(reason);
    expect(JSON.stringify(read)).not.toContain('secret@');
  });
});
