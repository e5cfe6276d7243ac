import type { FlowFigures, Run } from '../../../contract/result.ts';
import { formatBytes, formatCount } from '../../numbers.ts';
import type { Html } from '../escape.ts';
import { section } from '../figureSection.ts';
import { type RunFigure, runFigures } from '../runFigures.ts';
import type { ReportView } from '../view.ts';

const figure = (
  label: string,
  of: (flow: FlowFigures) => number,
  format: RunFigure['format'] = formatCount,
): RunFigure => ({
  label,
  definition: 'flow-control',
  of: ({ flow }) => flow && of(flow),
  format,
});

const FIGURES: readonly RunFigure[] = [
  figure('limit of one subscriber, messages', ({ limitMessages }) => limitMessages),
  figure('limit of one subscriber, bytes', ({ limitBytes }) => limitBytes, formatBytes),
  figure(
    'highest level of one since the start, messages',
    ({ peakConnectionMessages }) => peakConnectionMessages,
  ),
  figure(
    'highest level of one since the start, bytes',
    ({ peakConnectionBytes }) => peakConnectionBytes,
    formatBytes,
  ),
  figure('subscribers refused in the window', ({ refusedSubscribers }) => refusedSubscribers),
  figure('publishes refused in the window', ({ refusedPublishes }) => refusedPublishes),
  figure('stalls in the window', ({ stalls }) => stalls),
];

/** What flow control saw and did; nothing where it had nothing to do. */
export function flowSection(view: ReportView): Html | null {
  if (!view.runs.some(({ run }) => wasBusy(run))) return null;
  return section('What did flow control do?', [runFigures(view, FIGURES)]);
}

function wasBusy({ flow, slow, sweep }: Run): boolean {
  if (flow === null) return false;
  return (
    slow !== null || sweep?.key === 'flowMessages' || flow.refusedPublishes + flow.refusedSubscribers > 0
  );
}
