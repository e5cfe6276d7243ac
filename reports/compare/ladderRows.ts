import { METRIC } from './comparisonMetrics.ts';
import type { ComparisonMetric } from './metric.ts';

export interface LadderRows {
  readonly title: string;
  readonly metrics: readonly ComparisonMetric[];
}

/** The rows of the ladder, in the order of the questions that a reader asks. */
export const LADDER: readonly LadderRows[] = [
  {
    title: 'How much it carries',
    metrics: [METRIC.ceiling, METRIC.closedLoop, METRIC.deliveries, METRIC.connects],
  },
  {
    title: 'How fast it is',
    metrics: [METRIC.p50, METRIC.p95, METRIC.p99, METRIC.echo50, METRIC.echo99, METRIC.handshake],
  },
  {
    title: 'Whether it is right',
    metrics: [METRIC.recovery, METRIC.lost, METRIC.duplicated, METRIC.reordered, METRIC.wasted],
  },
  { title: 'What memory it takes', metrics: [METRIC.memory, METRIC.memoryLoaded, METRIC.kernel] },
  {
    title: 'What a delivery costs',
    metrics: [METRIC.cpu, METRIC.brokerCpu, METRIC.syscalls, METRIC.wire],
  },
  {
    title: 'What it returns',
    metrics: [
      METRIC.roiCeiling,
      METRIC.roiLoad,
      METRIC.roiObjective,
      METRIC.moneyDeliveries,
      METRIC.moneyConnections,
    ],
  },
];

/** Figures of which no server is best: they follow from the load, or belong to one kind of server alone. */
export const WITHOUT_BEST: ReadonlySet<string> = new Set(
  [
    METRIC.closedLoop,
    METRIC.deliveries,
    METRIC.connects,
    METRIC.lost,
    METRIC.duplicated,
    METRIC.reordered,
    METRIC.wasted,
    METRIC.brokerCpu,
  ].map(({ id }) => id),
);
