import type { GateResult } from '../../../contract/gate.ts';
import { formatUs } from '../../numbers.ts';
import { blocksText, secondsOf, sideText } from './gateFigures.ts';

/**
 * Under what conditions the gate was made, one fact in each line.
 * @param excluded lines about the runs that were left out
 */
export function conditionLines(gate: GateResult, excluded: readonly string[]): string[] {
  const { base, head, host, tool, what, command } = gate;
  const memory = `${Math.round(host.memoryBytes / 1024 ** 3)} GiB`;
  return [
    `base: ${sideText(base)}`,
    `head: ${sideText(head)}`,
    `driven: ${what}`,
    `${host.hostname}: ${host.cpuModel}, ${host.cores} cores, ${memory}, ${host.platform}, kernel ${host.kernel}, Node ${host.nodeVersion}`,
    howLine(gate),
    ...gate.differences.map((difference) => `not like for like: ${difference}`),
    ...(gate.excluded.length === 0 ? ['no run was left out'] : []),
    ...excluded,
    'server and generator share the cores of one machine: they are co-located',
    `${tool.name} ${tool.version}: ${command.join(' ')}`,
  ];
}

function howLine(gate: GateResult): string {
  const { mode, blocks, abortReason, status } = gate;
  if (mode === 'stored')
    return 'results that were measured before: whatever changed on the host between them is in the change as well';
  const ended = status === 'aborted' && abortReason !== null ? `; ended early: ${abortReason}` : '';
  if (blocks.length === 0) return `no block came to its end${ended}`;
  const orders = blocks.map(({ order }) => order).join(' ');
  return `${blocksText(gate)} of two runs of each side (${orders}; A is base, B is head), ${formatUs(secondsOf(gate) * 1e6)} in all${ended}`;
}
