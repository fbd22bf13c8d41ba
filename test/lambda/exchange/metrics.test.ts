/** The counters of GET /metrics: whatever names callers and upstreams send, each series is there once and their number is bounded. */
import { expect, it } from 'vitest';
import { Metrics } from '../../../lambda/exchange/metrics.ts';
import { aDecisionEvent } from '../../support/a-decision-event.ts';

const requestsOf = (metrics: Metrics): readonly string[] =>
  metrics
    .text()
    .split('\n')
    .filter((line) => line.startsWith('keeptrusts_gateway_requests_total{'));

it('names that are shown alike are one series', () => {
  const metrics = new Metrics();
  for (const end of ['a', 'b']) metrics.count(aDecisionEvent({ model: 'm'.repeat(200) + end.repeat(5000) }));
  const series = requestsOf(metrics);
  expect(series).toHaveLength(1);
  expect(series[0]).toMatch(/model="m{200}",status="\d+"} 2$/);
});

it('beyond a thousand all further names are one series', () => {
  const metrics = new Metrics();
  for (let index = 0; index < 1500; index++) metrics.count(aDecisionEvent({ model: `m${index}` }));
  metrics.count(aDecisionEvent({ model: 'm7' }));
  const series = requestsOf(metrics);
  expect(series).toHaveLength(1001);
  expect(series.at(-1)).toMatch(/model="other",status="\d+"} 500$/);
  expect(series.filter((line) => line.includes('model="m7"'))).toMatchObject([expect.stringMatching(/ 2$/)]);
});
