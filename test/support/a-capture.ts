/** A capture for tests that care about a few of its fields. */
import { CAPTURE_VERSION, type Capture } from '../../lambda/audit/capture.ts';

/** Of an answered request with one redacted address, changed in the fields that are given. */
export function aCapture(fields: Partial<Capture> = {}): Capture {
  return {
    capture_version: CAPTURE_VERSION,
    event_id: 'evt_1',
    request_id: 'req-1',
    timestamp: '2026-11-01T10:11:12.123456Z',
    config_version: '1.0.0',
    config_hash: 'c'.repeat(64),
    route: '/v1/chat/completions',
    stream: false,
    requested_model: 'gpt-4o',
    verdict: 'redact',
    reason_code: 'pii.redacted',
    prompt: {
      withheld: null,
      texts: [
        { lane: '/messages/0/content', role: 'user', content: 'message', text: 'I am [EMAIL_REDACTED]' },
      ],
    },
    answer: {
      withheld: null,
      texts: [
        { lane: '/choices/0/message/content', role: 'assistant', content: 'message', text: 'Good day.' },
      ],
    },
    expires_at: '2026-12-01T10:11:12.123Z',
    ...fields,
  };
}
