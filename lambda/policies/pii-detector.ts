/** The kind pii-detector: replaces personal data in requests and replies, or blocks what holds any. */
import type { PiiDetectorSettings } from '../config/gateway-config.ts';
import { createSearch } from '../detectors/pii/search.ts';
import type { Finding } from '../detectors/pii/finding.ts';
import type { Piece } from '../detectors/piece.ts';
import type { Lane } from '../wire/lane.ts';
import type { Objection, Policy } from './policy.ts';
import { createLaneJudge, type LaneRules } from './pii/lane-judge.ts';
import { labelOf, primedJudge } from './pii/primed-judge.ts';
import { createMarker, type Marker } from './pii/marker.ts';
import { createPlaceholders, type Placeholders } from './pii/placeholders.ts';

/**
 * A pii-detector with these settings. It judges every lane of both phases.
 * @throws PatternError when one of `detectPatterns` is no pattern of RE2 syntax.
 */
export function createPiiDetector(settings: PiiDetectorSettings): Policy {
  const isReversible = settings.redaction.reversible && settings.action === 'redact';
  const search = createSearch(settings, { placeholders: isReversible });
  const marker = createMarker(settings);
  return {
    kind: 'pii-detector',
    begin() {
      const placeholders = isReversible ? createPlaceholders() : undefined;
      return {
        openLane: (lane) => {
          const rules = rulesFor(settings, lane, marker, placeholders);
          const judge = createLaneJudge({ scanner: search.open(), ...rules });
          return lane.context === undefined ? judge : primedJudge(judge, labelOf(lane.context));
        },
      };
    },
  };
}

type Rules = Omit<LaneRules, 'scanner'>;

function rulesFor(
  settings: PiiDetectorSettings,
  lane: Lane,
  marker: Marker,
  placeholders: Placeholders | undefined,
): Rules {
  const extend = (units: number): string => marker.extend(units);
  const mark = ({ type }: Finding, value: string): Piece => ({
    text: marker.replace(type, value),
    length: value.length,
    mark: { type },
  });
  if (settings.action === 'block')
    return { show: mark, extend, object: (finding) => objectTo(finding, lane) };
  if (placeholders === undefined) return { show: mark, extend };
  if (lane.phase === 'input') return { show: (finding, value) => hide(placeholders, finding, value) };
  return {
    extend,
    show: (finding, value) =>
      finding.placeholder === true ? restore(placeholders, value) : mark(finding, value),
  };
}

function objectTo({ type }: Finding, { phase }: Lane): Objection {
  const place = phase === 'input' ? 'request' : 'reply';
  return {
    action: 'block',
    reason: 'pii.blocked',
    message: `the ${place} contains personal data of the kind ${type}, which the policy pii-detector does not let pass`,
  };
}

function hide(placeholders: Placeholders, { type, placeholder }: Finding, value: string): Piece {
  const length = value.length;
  if (placeholder !== true) return { text: placeholders.forValue(type, value), length, mark: { type } };
  const text = placeholders.forLiteral(value);
  return text === value ? { text, length } : { text, length, mark: { type, restored: true } };
}

function restore(placeholders: Placeholders, value: string): Piece {
  const original = placeholders.original(value);
  if (original === undefined || original === value) return { text: value, length: value.length };
  const type = value.slice(1, value.lastIndexOf('_'));
  return { text: original, length: value.length, mark: { type, restored: true } };
}
