import { formatCount, formatRateOf, significant } from '../../numbers.ts';
import { unitsPerSecond } from '../demand.ts';
import type { Option } from '../option.ts';
import type { Traffic } from '../traffic.ts';
import type { Setting } from './setting.ts';
import { blocks, plain, table } from './words.ts';

/** Deliveries or polls per second of the runs; 0: none. */
function measuredUnits({ measured, group }: Option): number {
  const { run } = group.look;
  return (measured.unit === 'poll' ? run.polling?.sentPerSecond : run.deliveries?.perSecond) ?? 0;
}

/** How many times the measured load the traffic is; null: nothing was measured. */
export function stretchOf(option: Option, traffic: Traffic): number | null {
  const seen = measuredUnits(option);
  return seen === 0 ? null : unitsPerSecond(option.measured, traffic) / seen;
}

/** What the figures stretch over: the load that is asked for against the one that was measured. */
export function stretchText({ record: { options, traffic } }: Setting): string {
  const rows = options.flatMap((option) => {
    const factor = stretchOf(option, traffic);
    const unit = option.measured.unit === 'poll' ? 'polls' : 'deliveries';
    const { established } = option.group.look.run.connections;
    if (factor === null || established === 0) return [];
    return [
      [
        plain(option.label),
        formatRateOf(measuredUnits(option), unit),
        formatRateOf(unitsPerSecond(option.measured, traffic), unit),
        `× ${significant(factor)}`,
        formatCount(established),
        formatCount(traffic.connections.value),
        `× ${significant(traffic.connections.value / established)}`,
      ],
    ];
  });
  return blocks(
    '**How far this is stretched.** Cost and sizing multiply what one delivery and one connection took by how many there are:',
    table(['', 'load measured', 'asked for', '', 'connections measured', 'asked for', ''], rows),
    'A server under little load spends more on each delivery than a busy one, which writes several at once; one near its limit queues. The further the load lies from the one that was measured, the less these figures bind: measure at your load (`--connections`, `--rate`) before you order machines.',
  );
}
