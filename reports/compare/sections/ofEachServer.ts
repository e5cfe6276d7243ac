import type { Run } from '../../../contract/result.ts';
import { type Html, html } from '../../html/escape.ts';
import { chartFigure } from '../../html/figureSection.ts';
import { busSection } from '../../html/sections/bus.ts';
import { chatSection } from '../../html/sections/chat.ts';
import { faultSection } from '../../html/sections/fault.ts';
import { flowSection } from '../../html/sections/flow.ts';
import { pollingSection } from '../../html/sections/polling.ts';
import { slowSection } from '../../html/sections/slow.ts';
import { type ComparisonView, ofRepresentatives } from '../comparisonView.ts';
import { isSearch } from '../metric.ts';
import { nameAtLoad } from '../sweep.ts';

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
  return faultSection(
    ofRepresentatives(view),
    whichRun(view, ({ fault }) => fault !== null),
  );
}

/** What it takes for clients to speak; nothing where they do not. */
export function comparedChat(view: ComparisonView): Html | null {
  const single = ofRepresentatives(view);
  const section = chatSection(single);
  return section === null ? null : html`${whichRun(view, ({ chat }) => chat !== null)}${section}`;
}

/** What became of slow clients, and what flow control did: of every load where there is a sweep. */
export function comparedFlow(view: ComparisonView): Html | null {
  const swept = view.comparison.groups.map(({ look, sweep }) => ({
    ...look,
    label: nameAtLoad({ label: look.label, sweep }),
  }));
  const single = { ...ofRepresentatives(view), runs: swept };
  const slow = slowSection(
    single,
    whichRun(view, (run) => run.slow !== null),
  );
  const flow = flowSection(single);
  return slow === null && flow === null ? null : html`${slow}${flow}`;
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
  const polling = pollingSection(
    single,
    whichRun(view, (run) => run.polling !== null),
  );
  const bus = busSection(
    single,
    whichRun(view, (run) => run.bus !== null),
  );
  return html`${polling}${bus}${overTime}`;
}

/** Which run stands for each server, where one has several. */
function whichRun({ comparison }: ComparisonView, isShown: (run: Run) => boolean): Html | null {
  const shown = comparison.servers.filter(({ look }) => isShown(look.run));
  const stands = shown.map(({ label, look, runs }) => {
    const alike = runs.filter((run) => isShown(run) && isSearch(run) === isSearch(look.run));
    return { label, place: alike.indexOf(look.run) + 1, of: alike.length };
  });
  if (stands.every(({ of }) => of < 2)) return null;
  const names = stands.map(({ label, place, of }) => `${label} run ${place} of ${of}`);
  return html`<p class="quiet">One run of each server, not the median over its runs: ${names.join(', ')}.</p>`;
}
