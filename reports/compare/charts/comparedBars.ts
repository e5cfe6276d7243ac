import type { Chart } from '../../charts/chart.ts';
import { METRIC } from '../comparisonMetrics.ts';
import { figuresOf } from '../figures.ts';
import { moneyUnit } from '../money.ts';
import type { ServerGroup } from '../serverGroup.ts';
import { intervalBars } from './intervalBars.ts';

const INTERVALS = 'Bars begin at zero; thin lines are the intervals of the table above.';

/** Memory of the servers, on three rulers. */
export function memoryBars(groups: readonly ServerGroup[]): Chart | null {
  return intervalBars(looksOf(groups), {
    name: 'compared-memory',
    description: 'Server and kernel memory of each server, with intervals.',
    title: 'Memory: less is better',
    subtitle: [INTERVALS],
    panels: [
      { title: 'server, per idle connection', figures: figuresOf(groups, METRIC.memory) },
      { title: 'server under load, in all', figures: figuresOf(groups, METRIC.memoryLoaded) },
      { title: 'kernel, per connection', figures: figuresOf(groups, METRIC.kernel) },
    ],
  });
}

/** What one delivery costs the server. */
export function costBars(groups: readonly ServerGroup[]): Chart | null {
  return intervalBars(looksOf(groups), {
    name: 'compared-cost',
    description: 'CPU, system calls and bytes per delivery of each server, with intervals.',
    title: 'Cost of one delivery: less is better',
    subtitle: [INTERVALS],
    panels: [
      { title: 'server CPU', figures: figuresOf(groups, METRIC.cpu) },
      { title: 'server system calls', figures: figuresOf(groups, METRIC.syscalls) },
      { title: 'bytes on the wire', figures: figuresOf(groups, METRIC.wire) },
    ],
  });
}

/** Return on investment, three ways. */
export function roiBars(groups: readonly ServerGroup[]): Chart | null {
  const ceilings = figuresOf(groups, METRIC.roiCeiling);
  const first = ceilings.length > 1 ? METRIC.roiCeiling : METRIC.roiLoad;
  const at = ceilings.length > 1 ? 'at the ceiling' : 'at the shared load';
  return intervalBars(looksOf(groups), {
    name: 'compared-roi',
    description: 'Return on investment of each server, with intervals.',
    title: 'Return on investment: more is better',
    subtitle: [INTERVALS],
    panels: [
      { title: ['1 · deliveries/s over MB of RSS per connection,', at], figures: figuresOf(groups, first) },
      {
        title: ['2 · deliveries/s inside the objective', 'over MB of server memory'],
        figures: figuresOf(groups, METRIC.roiObjective),
      },
    ],
  });
}

/** Money by the rates of the configuration, or by example rates. */
export function moneyBars(groups: readonly ServerGroup[]): Chart | null {
  const unit = moneyUnit(groups);
  if (unit === null) return null;
  return intervalBars(looksOf(groups), {
    name: 'compared-money',
    description: `Cost of each server in ${unit}.`,
    title: `Return on investment 3, money in ${unit}: less is better`,
    subtitle: [INTERVALS],
    panels: [
      {
        title: ['per million deliveries', '(CPU and egress)'],
        figures: figuresOf(groups, METRIC.moneyDeliveries),
      },
      {
        title: ['per 100 000 connections and month', '(memory)'],
        figures: figuresOf(groups, METRIC.moneyConnections),
      },
    ],
  });
}

function looksOf(groups: readonly ServerGroup[]) {
  return groups.map(({ look }) => look);
}
