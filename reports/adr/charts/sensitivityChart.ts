import type { Chart } from '../../charts/chart.ts';
import { rowLabelWidth } from '../../charts/labelRoom.ts';
import { rowAxis } from '../../charts/rowAxis.ts';
import { CHART_CONFIG, COUNT_LABELS, PAGE_WIDTH, SCHEMA_URL } from '../../charts/theme.ts';
import { INK, MUTED, stageColour } from '../../palette.ts';
import { HORIZON_MONTHS } from '../breakEven.ts';
import type { DecisionRecord } from '../record.ts';
import { moneyOf } from '../text/words.ts';

/** What is left of a change-over after the horizon, each assumption halved and doubled, what moves most first; null without one. */
export function sensitivityChart({ changeOver, prices }: DecisionRecord): Chart | null {
  if (changeOver.kind !== 'calculated' || changeOver.sensitivity === null) return null;
  const { option, rows, base } = changeOver.sensitivity;
  if (rows.length === 0) return null;
  const money = moneyOf(prices);
  const names = rows.map(({ what }) => what);
  const room = rowLabelWidth(names, 170);
  const middle = base.net;
  const bars = rows.flatMap(({ what, halved, doubled }) => [
    { what, case: 'halved', from: middle, net: halved.net, text: money(halved.net) },
    { what, case: 'doubled', from: middle, net: doubled.net, text: money(doubled.net) },
  ]);
  const nets = [0, middle, ...bars.map(({ net }) => net)];
  const [least, most] = [Math.min(...nets), Math.max(...nets)];
  const margin = (most - least) * 0.2 || 1;
  const x = (field: string) => ({
    field,
    type: 'quantitative' as const,
    scale: { domain: [least - margin, most + margin], nice: false },
    axis: { title: null, grid: true, tickCount: 6, labelExpr: COUNT_LABELS },
  });
  return {
    name: 'adr-sensitivity',
    description: `What is left after ${HORIZON_MONTHS} months when one assumption is halved or doubled.`,
    spec: {
      $schema: SCHEMA_URL,
      title: {
        text: `From ${changeOver.today.label} to ${option.label}: what is left after ${HORIZON_MONTHS} months, ${prices.currency}`,
        subtitle: [
          'Savings less effort, when one assumption is halved (orange) or doubled (blue). Right of the solid line it has paid off.',
        ],
        dx: 0,
        frame: 'bounds',
      },
      config: CHART_CONFIG,
      width: PAGE_WIDTH - room - 40,
      height: { step: 12 },
      layer: [
        {
          data: { values: bars },
          mark: { type: 'bar', height: 9 },
          encoding: {
            y: {
              field: 'what',
              type: 'nominal',
              scale: { domain: names },
              axis: rowAxis(room),
            },
            yOffset: { field: 'case', type: 'nominal', scale: { domain: ['halved', 'doubled'] } },
            x: x('from'),
            x2: { field: 'net' },
            color: {
              field: 'case',
              type: 'nominal',
              scale: {
                domain: ['halved', 'doubled'],
                range: [stageColour('gateway').light, stageColour('sse').light],
              },
              legend: null,
            },
            description: { field: 'text', type: 'nominal' },
          },
        },
        {
          data: { values: [{ at: 0 }] },
          mark: { type: 'rule', strokeWidth: 1.5, color: INK.light },
          encoding: { x: x('at') },
        },
        {
          data: { values: [{ at: middle }] },
          mark: { type: 'rule', strokeDash: [4, 3], color: MUTED.light },
          encoding: { x: x('at') },
        },
      ],
    },
  };
}
