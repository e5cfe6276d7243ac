import type { Family, Run } from '../../../contract/result.ts';
import { listOf } from '../../compare/listOf.ts';
import { isSearch } from '../../compare/metric.ts';
import { protectionText } from '../../html/sections/access.ts';
import { formatBytes, formatCount, formatRateOf, formatShare, formatUs } from '../../numbers.ts';
import { serverLabel } from '../../runLabel.ts';
import { describeLink } from '../../runLink.ts';
import { familyVerdicts } from '../../verdicts.ts';
import { deliveriesPerSecond } from '../traffic.ts';
import type { Setting } from './setting.ts';
import { blocks, capital, plain, table } from './words.ts';

/** Context and problem statement: what has to be served, whether the figures can be believed, what was measured. */
export function contextText(setting: Setting): string {
  return blocks('## Context and Problem Statement', problem(setting), validity(setting), workload(setting));
}

function problem({ record: { traffic, options } }: Setting): string {
  const { connections, messagesPerSecond, fanOut, payloadBytes, users, peakShare } = traffic;
  const who =
    users === null
      ? `${formatCount(connections.value)} clients are connected at the peak`
      : `Of ${formatCount(users.value)} users ${formatShare(peakShare?.value ?? 1)} are connected at the peak: ${formatCount(connections.value)} clients`;
  const load = `${formatRateOf(messagesPerSecond.value, 'messages')} of ${formatBytes(payloadBytes.value)} are published, each for ${formatCount(fanOut.value)} of them: ${formatRateOf(deliveriesPerSecond(traffic), 'deliveries')}`;
  const origin = traffic.isMeasured
    ? ' No traffic of your own is stated (`decision.traffic` in the config file), so the workload as it was measured stands for it.'
    : '';
  return `${who}. ${load}. A *delivery* is one message arriving at one client.${origin}\n\nWhich of the ${numberWord(options.length)} ways to push that were measured should carry this?`;
}

export function numberWord(count: number): string {
  return (
    ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'][count] ?? String(count)
  );
}

const WHAT: Readonly<Record<Family, string>> = {
  latency: 'latency',
  throughput: 'CPU and traffic',
  memory: 'memory',
  deliveries: 'the count of deliveries',
};

function validity({ record }: Setting): string {
  const runs = loadedRuns(record.result.runs);
  const verdicts = familyVerdicts(runs).map(
    ({ family, verdict }) => `${WHAT[family]} ${verdict === 'VALID' ? verdict : `**${verdict}**`}`,
  );
  const aborted =
    record.result.status === 'aborted'
      ? ' The measurement was aborted: what it had until then stands here.'
      : '';
  const reasons = reasonLines(runs);
  const about =
    'VALID figures may be believed. SUSPECT ones may have been bent by something else, named here. INVALID ones describe the load generator or the machine and not the server: nothing here rests on them.';
  return blocks(
    `**Can the figures be believed?** ${capital(verdicts.join('; '))}.${aborted} ${about}`,
    reasons.join('\n'),
    ceilingValidity(record.result.runs),
  );
}

/** The ceilings stand among the figures of the options: what is said against them is told as well. */
function ceilingValidity(runs: readonly Run[]): string {
  const lines = reasonLines(runs.filter(isSearch));
  return lines.length === 0
    ? ''
    : blocks(
        'The ceilings come from searches of their own, and no score is made of them. Against those stands:',
        lines.join('\n'),
      );
}

/** One line for each rule that spoke, with what it saw where it was worst. */
function reasonLines(runs: readonly Run[]): string[] {
  const all = runs.flatMap((run) =>
    run.validity.reasons.map((reason) => ({ reason, label: serverLabel(run) })),
  );
  const codes = [...new Set(all.map(({ reason }) => `${reason.code} ${reason.verdict}`))];
  return codes.flatMap((code) => {
    const same = all.filter(({ reason }) => `${reason.code} ${reason.verdict}` === code);
    const [worst] = [...same].sort((a, b) => b.reason.figure - a.reason.figure);
    if (!worst) return [];
    const where = listOf([...new Set(same.map(({ label }) => label))]);
    const { verdict, families, message } = worst.reason;
    const often =
      same.length > 1 ? ` (${same.length} of ${runs.length} runs: ${where}; at worst)` : ` (${where})`;
    return [
      `- ${verdict}, ${listOf(families.map((family) => WHAT[family]))}${plain(often)}: ${plain(message)}.`,
    ];
  });
}

/** Those under the load that all options shared. */
export function loadedRuns(runs: readonly Run[]): Run[] {
  return runs.filter((run) => run.deliveries !== null && !isSearch(run));
}

function workload({ record: { result, comparison } }: Setting): string {
  const runs = loadedRuns(result.runs);
  const { host, tool } = result;
  const distinct = (of: (run: Run) => string) => plain([...new Set(runs.map(of))].join('; '));
  const rows = [
    ['connections', distinct(({ connections }) => formatCount(connections.requested))],
    ['rooms (a message goes to all clients of one)', distinct(({ plan }) => formatCount(plan.rooms))],
    ['clients in a room', distinct(({ plan }) => formatCount(plan.fanOut))],
    [
      'publishes',
      distinct(({ publish }) =>
        publish ? formatRateOf(publish.offeredPerSecond, 'messages') : 'by the clients',
      ),
    ],
    [
      'message',
      distinct(({ workload: { payloadBytes } }) =>
        typeof payloadBytes === 'number' ? formatBytes(payloadBytes) : 'not told',
      ),
    ],
    [
      'measured window',
      distinct(({ workload: { durationMs } }) =>
        typeof durationMs === 'number' ? formatUs(durationMs * 1_000) : 'not told',
      ),
    ],
    [
      'runs of each option',
      [...new Set(comparison.servers.map((server) => loadedRuns(server.runs).length))].join('; '),
    ],
    ['network', distinct(({ plan }) => describeLink(plan))],
    ['protection', distinct((run) => protectionText(run))],
    [
      'machine',
      plain(
        `${host.cpuModel}, ${host.cores} cores, ${formatBytes(host.memoryBytes)}, ${host.platform}, kernel ${host.kernel}, Node ${host.nodeVersion}`,
      ),
    ],
    [
      'placement',
      'servers and load generator on this one machine (*co-located*): they share its cores, and no network lies between them',
    ],
    ['measured', plain(`${result.createdAt.slice(0, 10)} with ${tool.name} ${tool.version}`)],
  ];
  return blocks('What was measured:', table(['', 'workload'], rows, Number.POSITIVE_INFINITY));
}
