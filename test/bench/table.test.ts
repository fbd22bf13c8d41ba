/** The table of the measurements says what was measured and whether the goal is met. */
import { describe, expect, it } from 'vitest';
import { goalText, isMet, tableText, type Row } from '../../bench/table.ts';

const row = (more: Partial<Row>): Row => ({ name: 'figure', unit: 'ms', gateway: 1, ...more });

describe('a goal', () => {
  it.each([
    ['none', row({}), '', undefined],
    ['at most, met', row({ gateway: 10, goal: { kind: 'at-most', gateway: 10 } }), '<= 10 ms', true],
    ['at most, missed', row({ gateway: 11, goal: { kind: 'at-most', gateway: 10 } }), '<= 10 ms', false],
    [
      'of the floor, met',
      row({ floor: 1, gateway: 1.2, goal: { kind: 'at-most-floor', factor: 1.25 } }),
      '<= 1.25 x floor',
      true,
    ],
    [
      'of the floor, missed',
      row({ floor: 1, gateway: 1.3, goal: { kind: 'at-most-floor', factor: 1.25 } }),
      '<= 1.25 x floor',
      false,
    ],
    [
      'with the disk, met',
      row({ floor: 1, synced: 0.9, goal: { kind: 'at-most-floor', factor: 2, synced: 1 } }),
      '<= 2 x floor; synced <= 1 ms',
      true,
    ],
    [
      'with the disk, missed',
      row({ floor: 1, synced: 1.1, goal: { kind: 'at-most-floor', factor: 2, synced: 1 } }),
      '<= 2 x floor; synced <= 1 ms',
      false,
    ],
    [
      'a rate, met',
      row({ floor: 100, gateway: 70, goal: { kind: 'at-least-floor', factor: 0.7 } }),
      '>= 0.7 x floor',
      true,
    ],
    [
      'a rate, missed',
      row({ floor: 100, gateway: 69, goal: { kind: 'at-least-floor', factor: 0.7 } }),
      '>= 0.7 x floor',
      false,
    ],
    [
      'a floor that was not measured',
      row({ goal: { kind: 'at-most-floor', factor: 2 } }),
      '<= 2 x floor',
      false,
    ],
  ])('%s', (_, measured, text, met) => {
    expect(goalText(measured)).toBe(text);
    expect(isMet(measured)).toBe(met);
  });
});

describe('the table', () => {
  it('is Markdown whose columns stand under each other', () => {
    const rows = [
      row({
        name: 'added latency',
        floor: 0.4,
        gateway: 0.456,
        goal: { kind: 'at-most-floor', factor: 1.25 },
      }),
      row({
        name: 'rate',
        unit: '/s',
        direct: 9876.5,
        floor: 5000,
        gateway: 40.26,
        goal: { kind: 'at-least-floor', factor: 0.7 },
      }),
    ];
    const lines = tableText(rows).split('\n');
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(lines.map((line) => line.split('|').map((cell) => cell.trim()))).toEqual([
      ['', 'figure', 'direct', 'floor', 'gateway', 'synced', 'of floor', 'goal', '', ''],
      [
        '',
        expect.stringMatching(/^-+$/),
        '-------:',
        '------:',
        expect.any(String),
        expect.any(String),
        expect.any(String),
        expect.any(String),
        expect.any(String),
        '',
      ],
      ['', 'added latency (ms)', '', '0.40', '0.46', '', '1.14', '<= 1.25 x floor', 'met', ''],
      ['', 'rate (/s)', '9877', '5000', '40.3', '', '0.01', '>= 0.7 x floor', 'MISSED', ''],
    ]);
  });
});
