import type { GateMetric, GateResult } from '../../../../contract/gate.ts';
import type { Chart } from '../../../charts/chart.ts';
import { textWidth } from '../../../charts/labelRoom.ts';
import { CHART_CONFIG, PAGE_WIDTH, SCHEMA_URL } from '../../../charts/theme.ts';
import { FAINT, GRID, INK, INVALID, MUTED, SUSPECT, VALID } from '../../../palette.ts';
import { changeText, gating, verdictText } from '../gateFigures.ts';

const ROW_HEIGHT = 34;
/** Below a hundredth the axis is even, above it logarithmic: changes of 0.1 % and of 100 % have room on one axis. */
const EVEN_BELOW = 0.01;
const TICKS = [-1, -0.5, -0.2, -0.1, -0.05, -0.02, 0, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100];
/** The domain reaches this factor beyond what is drawn. */
const MARGIN = 1.3;
/** Between labels and plot. */
const LABEL_GAP = 16;
const TITLE_HEIGHT = 76;
const AXIS_HEIGHT = 34;

/** Each gating metric's change as a dot with its interval, on the band that is accepted; null where no change is a share. */
export function effectDots(gate: GateResult): Chart | null {
  const metrics = gating(gate).filter(
    ({ scale, effect, low }) => scale === 'share' && (effect ?? low) !== null,
  );
  if (metrics.length === 0) return null;
  const domain = domainOf(metrics);
  const rows = metrics.map((metric) => rowOf(metric, domain));
  const left = Math.max(...rows.map(({ label }) => textWidth(label, 12.5)));
  const right = Math.max(...rows.map(({ told }) => textWidth(told, 12.5)));
  const width = Math.max(300, PAGE_WIDTH - left - right - 2 * LABEL_GAP);
  const counts = gating(gate).length - metrics.length;
  const x = (field: string) => ({ field, type: 'quantitative' as const });
  return {
    name: 'gate-effects',
    description: 'Change of each gating metric from base to head, with its interval and what is accepted.',
    spec: {
      $schema: SCHEMA_URL,
      title: {
        text: 'Change from base to head, and what is accepted',
        subtitle: [
          'Dot and line: change and its interval. Grey band: accepted. FAIL is a line wholly outside of the band, PASS one wholly inside.',
          `Axis: change as a share of base; even within ±1 %, logarithmic beyond.${counts > 0 ? ' Metrics whose change is a count, or not known, stand in the table.' : ''}`,
        ],
        dx: -left - LABEL_GAP,
        frame: 'group',
      },
      config: CHART_CONFIG,
      // Vega would take the labels for wider than they are, and the plot would leave the page: the room for them is given.
      autosize: { type: 'none' },
      padding: { left: left + LABEL_GAP, top: TITLE_HEIGHT, right: right + LABEL_GAP, bottom: AXIS_HEIGHT },
      width,
      height: ROW_HEIGHT * rows.length,
      data: { values: rows },
      encoding: {
        y: { field: 'label', type: 'nominal', sort: null, axis: null },
        x: {
          ...x('effect'),
          scale: { type: 'symlog', constant: EVEN_BELOW, domain: [...domain], nice: false },
          axis: {
            title: null,
            values: TICKS.filter((tick) => tick >= domain[0] && tick <= domain[1]),
            labelExpr: "datum.value == 0 ? 'no change' : format(datum.value * 100, '+~r') + ' %'",
            grid: false,
            domain: false,
          },
        },
      },
      layer: [
        {
          mark: { type: 'bar', height: 20, color: GRID.light },
          encoding: { x: x('from'), x2: { field: 'to' } },
        },
        {
          mark: { type: 'rule', color: FAINT.light },
          encoding: { x: { datum: 0 }, y: { value: 0 }, y2: { value: ROW_HEIGHT * rows.length } },
        },
        { mark: { type: 'tick', thickness: 2, size: 24, color: MUTED.light }, encoding: { x: x('bound') } },
        {
          transform: [{ filter: 'isValid(datum.low)' }],
          mark: { type: 'rule', strokeWidth: 2.5 },
          encoding: { x: x('low'), x2: { field: 'high' }, color: verdictColours },
        },
        {
          transform: [{ filter: 'isValid(datum.effect)' }],
          mark: { type: 'point', filled: true, size: 90, opacity: 1 },
          encoding: { color: verdictColours, description: { field: 'note' } },
        },
        {
          mark: { type: 'text', align: 'right', baseline: 'middle', fontSize: 12.5, color: INK.light },
          encoding: { x: { value: -14 }, text: { field: 'label', type: 'nominal' } },
        },
        {
          mark: { type: 'text', align: 'left', baseline: 'middle', fontSize: 12.5 },
          encoding: {
            x: { value: width + 12 },
            text: { field: 'told', type: 'nominal' },
            color: verdictColours,
          },
        },
      ],
    },
  };
}

const verdictColours = {
  field: 'verdict',
  type: 'nominal' as const,
  scale: {
    domain: ['PASS', 'INCONCLUSIVE', 'FAIL'],
    range: [VALID.light, SUSPECT.light, INVALID.light],
  },
  legend: null,
};

function rowOf(metric: GateMetric, [left, right]: readonly [number, number]) {
  const { label, effect, low, high, better, verdict } = metric;
  const bound = boundOf(metric);
  const isKnown = low !== null || high !== null;
  const told = `${verdictText(verdict)} ${changeText(metric)}`;
  return {
    label,
    effect,
    // An end that is not known lies at the edge of what is drawn.
    low: isKnown ? (low ?? left) : null,
    high: isKnown ? (high ?? right) : null,
    bound,
    from: better === 'lower' ? left : bound,
    to: better === 'lower' ? bound : right,
    verdict: verdict ?? 'INCONCLUSIVE',
    told,
    note: `${label}: ${told}`,
  };
}

/** Where what is accepted ends. */
export function boundOf({ better, tolerance }: GateMetric): number {
  return better === 'lower' ? (tolerance ?? 0) : -(tolerance ?? 0);
}

function domainOf(metrics: readonly GateMetric[]): readonly [number, number] {
  const drawn = metrics.flatMap((metric) => [
    metric.effect ?? 0,
    metric.low ?? 0,
    metric.high ?? 0,
    boundOf(metric),
  ]);
  return [Math.min(-0.02, ...drawn) * MARGIN, Math.max(0.02, ...drawn) * MARGIN];
}
