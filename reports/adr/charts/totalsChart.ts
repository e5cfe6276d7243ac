import type { Chart } from '../../charts/chart.ts';
import { rowLabelWidth } from '../../charts/labelRoom.ts';
import { runScales } from '../../charts/lines.ts';
import { rowAxis } from '../../charts/rowAxis.ts';
import { CHART_CONFIG, PAGE_WIDTH, SCHEMA_URL } from '../../charts/theme.ts';
import { significant } from '../../numbers.ts';
import type { DecisionRecord } from '../record.ts';
import { BEST } from '../scores.ts';

const VALUE_ROOM = 110;

/** The weighted total of each option with its range, best first; null where no criterion counts. */
export function totalsChart({ options, outcome }: DecisionRecord): Chart | null {
  if (outcome.kind === 'nothing') return null;
  const sorted = [...options].sort((a, b) => b.total.value - a.total.value);
  const labels = sorted.map(({ label }) => label);
  const room = rowLabelWidth(labels, 170);
  const rows = sorted.map(({ label, total: { low, value, high } }) => ({
    server: label,
    low,
    value,
    high,
    text: `${significant(value, 2)} (${significant(low, 2)} to ${significant(high, 2)})`,
  }));
  const { color } = runScales(options.map(({ group }) => group.look));
  const x = (field: string) => ({
    field,
    type: 'quantitative' as const,
    scale: { domain: [0, BEST] },
    axis: { title: null, grid: true, tickCount: 5 },
  });
  return {
    name: 'adr-totals',
    description: 'Weighted total of each option with its range, 0 to 10.',
    spec: {
      $schema: SCHEMA_URL,
      title: {
        text: 'Weighted totals, 0 to 10: more is better',
        subtitle: [
          'Lines are the ranges. An option is recommended only where its whole line lies right of all others.',
        ],
        dx: 0,
        frame: 'bounds',
      },
      config: CHART_CONFIG,
      width: PAGE_WIDTH - room - VALUE_ROOM - 30,
      height: { step: 30 },
      data: { values: rows },
      encoding: {
        y: {
          field: 'server',
          type: 'nominal',
          scale: { domain: labels },
          axis: rowAxis(room),
        },
      },
      layer: [
        {
          mark: { type: 'rule', strokeWidth: 3 },
          encoding: { x: x('low'), x2: { field: 'high' }, color },
        },
        {
          mark: { type: 'point', filled: true, size: 90, opacity: 1 },
          encoding: { x: x('value'), color },
        },
        {
          mark: { type: 'text', align: 'left', baseline: 'middle', dx: 10 },
          encoding: { x: x('high'), text: { field: 'text', type: 'nominal' } },
        },
      ],
    },
  };
}
