/** The text that stands where personal data stood. */
import type { PiiDetectorSettings } from '../../config/gateway-config.ts';

export interface Marker {
  /** What is shown instead of `value`. */
  replace(type: string, value: string): string;
  /** What is shown for further `units` of a value whose replacement is out already. */
  extend(units: number): string;
}

const ASTERISK = '*';
const MASK = '********';
const SHORT_MASK = '****';
const LEAST_TO_SHOW_TAIL = 8;
const TAIL = 4;

/** `employee id` becomes [EMPLOYEE_ID_REDACTED]. */
export const labelOf = (type: string): string => type.toUpperCase().replace(/[^\p{L}\p{N}]+/gu, '_');

/** The marker that these settings ask for. */
export function createMarker({ redaction }: Pick<PiiDetectorSettings, 'redaction'>): Marker {
  const { markerFormat, preserveLength, customMarkers } = redaction;
  const plain = (type: string, value: string): string => {
    const custom = customMarkers[type];
    if (custom !== undefined) return custom;
    if (markerFormat === 'asterisks') return MASK;
    return markerFormat === 'partial' ? showPart(type, value, preserveLength) : `[${labelOf(type)}_REDACTED]`;
  };
  return {
    replace(type, value) {
      const text = plain(type, value);
      return preserveLength ? fit(text, value.length) : text;
    },
    extend: (units) => (preserveLength ? ASTERISK.repeat(units) : ''),
  };
}

/** A marker of exactly this length: filled up with asterisks, or asterisks alone when it is too long. */
function fit(text: string, length: number): string {
  return text.length > length ? ASTERISK.repeat(length) : text.padEnd(length, ASTERISK);
}

function showPart(type: string, value: string, keepsLength: boolean): string {
  const mask = (hidden: string): string => (keepsLength ? ASTERISK.repeat(hidden.length) : '***');
  const address = /^(.)(.*)@(.)(.*)(\.[^.]+)$/su.exec(value);
  if (type === 'EMAIL' && address !== null) {
    const [, first = '', local = '', host = '', domain = '', top = ''] = address;
    return `${first}${mask(local)}@${host}${mask(domain)}${top}`;
  }
  const shown = value.replace(/[^\p{L}\p{N}]/gu, '');
  if (type === 'SECRET' || shown.length < LEAST_TO_SHOW_TAIL) return keepsLength ? mask(value) : SHORT_MASK;
  const tail = shown.slice(-TAIL);
  return (keepsLength ? ASTERISK.repeat(Math.max(0, value.length - TAIL)) : SHORT_MASK) + tail;
}
