/** Markers and placeholders. */
import { describe, expect, it } from 'vitest';
import { createMarker, labelOf } from '../../../../lambda/policies/pii/marker.ts';
import { createPlaceholders } from '../../../../lambda/policies/pii/placeholders.ts';

const defaults = {
  markerFormat: 'label',
  includeMetadata: true,
  preserveLength: false,
  customMarkers: {},
  reversible: false,
} as const;

describe('a marker', () => {
  it.each([
    ['EMAIL', 'EMAIL'],
    ['employee id', 'EMPLOYEE_ID'],
    ['ünïcode-näme', 'ÜNÏCODE_NÄME'],
  ])('of %s names it', (type, label) => {
    expect(labelOf(type)).toBe(label);
  });

  it.each([
    ['EMAIL', 'x@y.example', 'x***@y***.example'],
    ['PHONE', '+49 30 901820', '****1820'],
    ['IBAN', 'DE89 3704 0044 0532 0130 00', '****3000'],
    ['CVV', '123', '****'],
    ['SECRET', 'AKIAIOSFODNN7EXAMPLE', '****'],
    ['EMAIL', 'no address', '****ress'],
  ])('shows a part of %s %s', (type, value, shown) => {
    const marker = createMarker({ redaction: { ...defaults, markerFormat: 'partial' } });
    expect(marker.replace(type, value)).toBe(shown);
  });

  it.each(['label', 'asterisks', 'partial'] as const)(
    'keeps the length of what it replaces: %s',
    (markerFormat) => {
      const marker = createMarker({
        redaction: { ...defaults, markerFormat, preserveLength: true, customMarkers: { PHONE: '<p>' } },
      });
      for (const [type, value] of [
        ['EMAIL', 'a@b.example'],
        ['PHONE', '+49 30 901820'],
        ['CVV', '12'],
        ['SSN', ''],
      ] as const)
        expect(marker.replace(type, value)).toHaveLength(value.length);
      expect(marker.extend(5)).toBe('*****');
    },
  );

  it('adds nothing for what goes on, unless lengths are kept', () => {
    expect(createMarker({ redaction: defaults }).extend(5)).toBe('');
  });
});

describe('placeholders', () => {
  it('count by kind', () => {
    const placeholders = createPlaceholders();
    expect(placeholders.forValue('EMAIL', 'a')).toBe('[EMAIL_1]');
    expect(placeholders.forValue('PHONE', 'a')).toBe('[PHONE_1]');
    expect(placeholders.forValue('EMAIL', 'b')).toBe('[EMAIL_2]');
    expect(placeholders.forValue('EMAIL', 'a')).toBe('[EMAIL_1]');
    expect(placeholders.original('[EMAIL_2]')).toBe('b');
    expect(placeholders.original('[EMAIL_3]')).toBeUndefined();
  });

  it('leave out the numbers that the text uses', () => {
    const placeholders = createPlaceholders();
    expect(placeholders.forLiteral('[EMAIL_1]')).toBe('[EMAIL_1]');
    expect(placeholders.forValue('EMAIL', 'a')).toBe('[EMAIL_2]');
    expect(placeholders.forLiteral('[EMAIL_2]')).toBe('[EMAIL_3]');
    expect(placeholders.original('[EMAIL_3]')).toBe('[EMAIL_2]');
    expect(placeholders.forLiteral('[EMAIL_2]')).toBe('[EMAIL_3]');
  });
});
