import type { Chart } from '../../charts/chart.ts';
import { rowLabelWidth } from '../../charts/labelRoom.ts';
import { rowAxis } from '../../charts/rowAxis.ts';
import { CHART_CONFIG, PAGE_WIDTH, SCHEMA_URL } from '../../charts/theme.ts';
import { FAINT, INK, stageColour } from '../../palette.ts';
import type { DecisionRecord } from '../record.ts';
import { moneyOf } from '../text/words.ts';

/** What the money goes to, in the order in which it is stacked. */
const PARTS = ['CPU', 'memory', 'traffic'] as const;
const COLOURS = [stageColour('sse').light, stageColour('ws').light, FAINT.light];
const VALUE_ROOM = 0.35;

/** Money in a month for each option, by what it goes to, with the interval of the sum; null where nothing has a bounded price. */
export function costChart({ options, prices }: DecisionRecord): Chart | null {
  const money = moneyOf(prices);
  const priced = options.flatMap(({ label, cost }) =>
    cost && Number.isFinite(cost.total.high) ? [{ label, cost }] : [],
  );
  if (priced.length === 0) return null;
  const labels = priced.map(({ label }) => label);
  const room = rowLabelWidth(labels, 170);
  const rows = priced.flatMap(({ label, cost: { cpu, memory, traffic } }) =>
    [cpu, memory, traffic].map(({ value }, i) => ({ server: label, part: PARTS[i], order: i, value })),
  );
  const sums = priced.map(({ label, cost: { total } }) => ({
    server: label,
    low: total.low,
    high: total.high,
    text: money(total.value),
  }));
  const longest = Math.max(...sums.map(({ high }) => high));
  const scale = { domain: [0, longest * (1 + VALUE_ROOM) || 1], nice: false };
  const x = (field: string) => ({ field, type: 'quantitative' as const, scale, axis: null });
  const y = {
    field: 'server',
    type: 'nominal' as const,
    scale: { domain: labels },
    axis: rowAxis(room),
  };
  return {
    name: 'adr-cost',
    description: 'Money in a month for each option: CPU, memory and traffic, with the interval of the sum.',
    spec: {
      $schema: SCHEMA_URL,
      title: {
        text: `Cost in a month, ${prices.currency}: less is better`,
        subtitle: [
          'Stacked from zero: CPU (blue), memory (green), traffic to clients (grey). Thin lines are the interval of the sum.',
        ],
        dx: 0,
        frame: 'bounds',
      },
      config: CHART_CONFIG,
      width: PAGE_WIDTH - room - 30,
      height: { step: 30 },
      layer: [
        {
          data: { values: rows },
          mark: { type: 'bar', height: 14 },
          encoding: {
            y,
            x: { ...x('value'), stack: 'zero' },
            order: { field: 'order', type: 'quantitative' },
            color: {
              field: 'part',
              type: 'nominal',
              scale: { domain: [...PARTS], range: COLOURS },
              legend: null,
            },
          },
        },
        {
          data: { values: sums },
          mark: { type: 'rule', strokeWidth: 1.5, color: INK.light },
          encoding: { y, x: x('low'), x2: { field: 'high' } },
        },
        {
          data: { values: sums },
          mark: { type: 'text', align: 'left', baseline: 'middle', dx: 8 },
          encoding: { y, x: x('high'), text: { field: 'text', type: 'nominal' } },
        },
      ],
    },
  };
}
