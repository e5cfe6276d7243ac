import { type Html, html } from '../../html/escape.ts';
import { chartFigure } from '../../html/figureSection.ts';
import { busSection } from '../../html/sections/bus.ts';
import { faultSection } from '../../html/sections/fault.ts';
import { pollingSection } from '../../html/sections/polling.ts';
import { type ComparisonView, ofRepresentatives } from '../comparisonView.ts';

/** Drawn by the section of a fault, of one run per server. */
export const FAULT_CHART = 'fault-over-time';

/** Charts of single runs over time; each is drawn of one run per server. */
export const SINGLE_RUN_CHARTS = [
  ['latency-over-time', 'delivery-latency'],
  ['deliveries-over-time', 'deliveries-per-second'],
  ['connect-ramp', 'connect-rate'],
  ['memory-levels', 'memory-slope'],
  ['cpu-over-time', 'cpu-per-delivery'],
] as const;

/** What was broken, and how each server came back; nothing without a fault. */
export function comparedFault(view: ComparisonView): Html | null {
  return faultSection(ofRepresentatives(view));
}

/** What only some servers have (polls, a bus), and one run of each server over time. */
export function ofEachServer(view: ComparisonView): Html {
  const single = ofRepresentatives(view);
  const charts = SINGLE_RUN_CHARTS.flatMap(
    ([name, definition]) => chartFigure(single, name, definition) ?? [],
  );
  const overTime =
    charts.length > 0
      ? html`<section><h2>How did it go over time?</h2><details><summary>One run of each server, second by second</summary>${charts}</details></section>`
      : null;
  return html`${pollingSection(single)}${busSection(single)}${overTime}`;
}
