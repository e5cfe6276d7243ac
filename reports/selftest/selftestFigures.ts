import type { SelftestResult, SelftestRow } from '../../contract/selftest.ts';
import { formatUs } from '../numbers.ts';

/** Rows by their verdict. */
export type Tally = Readonly<Record<SelftestRow['verdict'], number>>;

export function tallyOf({ cases }: Pick<SelftestResult, 'cases'>): Tally {
  const rows = cases.flatMap((one) => one.rows);
  const count = (verdict: SelftestRow['verdict']) => rows.filter((row) => row.verdict === verdict).length;
  return { pass: count('pass'), fail: count('fail'), void: count('void'), info: count('info') };
}

/** The finding in one sentence: `PASS: 41 of 41 claims hold; 2.1 min.` */
export function finding(result: SelftestResult): string {
  const { status, noise, durationMs } = result;
  const took = formatUs(durationMs * 1_000);
  if (noise !== null) {
    const made = `${noise.verdicts.length} of ${noise.runs} runs`;
    return `The same build against itself, ${noise.stage}, ${noise.scenario}: ${made}; ${took}.`;
  }
  const tally = tallyOf(result);
  // A case that was not shown is one row, however many claims it would have held.
  const judged = tally.pass + tally.fail;
  const parts = [
    judged === 0 ? 'no claim was judged' : `${tally.pass} of ${judged} claims hold`,
    ...(tally.fail > 0 ? [`${tally.fail} failed`] : []),
    ...(tally.void > 0
      ? [
          `${tally.void} ${tally.void === 1 ? 'case' : 'cases'} not shown, since the host disturbed every attempt`,
        ]
      : []),
    ...(status === 'aborted' ? ['interrupted before the end'] : []),
  ];
  return `${wordOf(result)}: ${parts.join(', ')}; ${took}.`;
}

function wordOf({ status, verdict }: SelftestResult): string {
  return status === 'aborted' && verdict !== 'fail' ? 'ABORTED' : verdict.toUpperCase();
}

/** The command that asks again for what the host kept from being shown; null where all was shown. */
export function askAgain({ cases, quick, seed }: SelftestResult): string | null {
  const names = cases.flatMap(({ name, rows }) =>
    rows.some(({ verdict }) => verdict === 'void') ? [name] : [],
  );
  if (names.length === 0) return null;
  const flags = [...(quick ? ['--quick'] : []), ...(seed === 1 ? [] : [`--seed ${seed}`])];
  return ['bench selftest', ...flags, `--only ${names.join(',')}`].join(' ');
}

/** Host, versions and date, in one line. */
export function selftestConditions({ host, tool, createdAt, quick, seed }: SelftestResult): string {
  const memory = `${Math.round(host.memoryBytes / 1024 ** 3)} GiB`;
  const parts = [
    `${createdAt.slice(0, 16).replace('T', ' ')} UTC`,
    `${host.cpuModel}, ${host.cores} cores, ${memory}`,
    `${host.platform}, kernel ${host.kernel}`,
    `Node ${host.nodeVersion}`,
    `${tool.name} ${tool.version}`,
    `seed ${seed}${quick ? ', --quick' : ''}`,
  ];
  return parts.join('; ');
}
