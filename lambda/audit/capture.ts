/** A capture: the texts of one request after every kind of personal data was taken out, beside its decision event. */
import type { Lane } from '../wire/lane.ts';

/** Field names are those of the stored JSON line. */
export interface Capture {
  readonly capture_version: typeof CAPTURE_VERSION;
  /** Of the decision event that it belongs to. */
  readonly event_id: string;
  readonly request_id: string;
  /** Of the decision event. */
  readonly timestamp: string;
  readonly config_version: string;
  readonly config_hash: string;
  readonly route: string;
  readonly stream: boolean;
  readonly requested_model: string | null;
  readonly verdict: string;
  readonly reason_code: string;
  readonly prompt: CapturedTexts;
  readonly answer: CapturedTexts;
  readonly expires_at: string;
}

/** What was said on one side. */
export interface CapturedTexts {
  /** Why there are no texts; null where there may be some. */
  readonly withheld: Withheld | null;
  readonly texts: readonly CapturedText[];
  /** Only where not all of it is here: how many UTF-16 units there were before anything was taken out. */
  readonly truncated?: number;
}

/**
 * `blocked`: a policy stopped the request or the answer, and what it objected to stands in these texts.
 * `policy_error`: a policy failed on them. `redactor_error`: they could not be redacted for the capture.
 */
export type Withheld = 'blocked' | 'policy_error' | 'redactor_error';

export interface CapturedText extends Pick<Lane, 'role' | 'content'> {
  /** JSON pointer of the text in the request, or in the assembled reply; as in the event's `redactions`. */
  readonly lane: string;
  readonly text: string;
  /** True where the text goes on and is not kept: it is too long, or the answer broke off. */
  readonly is_cut?: true;
}

export const CAPTURE_VERSION = '1.0';

/** Beside the days of events, in a folder and in the bucket: `captures/dt=…/hr=…/`. */
export const CAPTURES_FOLDER = 'captures';

/**
 * UTF-16 units of all texts of one side together. No unit takes more than six bytes as JSON, so two sides always
 * fit into one record of Firehose (1,000 KiB).
 */
export const MOST_CAPTURED = 65_536;
