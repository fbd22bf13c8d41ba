/** The calls of the failing target over time as an SVG picture, drawn by ECharts. */
import * as echarts from 'echarts';
import type { Result } from './run-scenario.ts';

/** One line for each result; zero is drawn at the bottom of a logarithmic scale. */
export function drawCalls(results: readonly Result[]): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 960, height: 420 });
  const [first] = results;
  if (first === undefined) throw new Error('there is no result to draw');
  const { outageFromMs, outageToMs } = first.scenario;
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: { text: 'Calls of the failing target, in each second of the fleet', left: 'center' },
    legend: { bottom: 0, itemGap: 60 },
    grid: { left: 70, right: 30, top: 50, bottom: 70 },
    xAxis: { type: 'value', name: 's', max: first.scenario.endMs / 1_000 },
    yAxis: { type: 'log', min: 0.5, name: 'calls/s' },
    series: results.map(({ scenario, figures }, index) => ({
      name: scenario.name,
      type: 'line',
      showSymbol: false,
      // Calls of the last second are not all over when the run ends.
      data: figures.callsPerSecond.slice(0, -1).map((calls, second) => [second, Math.max(0.5, calls)]),
      ...(index === 0 && {
        markArea: {
          itemStyle: { color: '#00000012' },
          label: { position: 'insideTop' },
          data: [[{ name: 'outage', xAxis: outageFromMs / 1_000 }, { xAxis: outageToMs / 1_000 }]],
        },
      }),
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}
