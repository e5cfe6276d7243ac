import type { Run } from '../contract/result.ts';
import { formatCount, formatRate, formatRateOf, formatShare, significant } from './numbers.ts';

type Loaded = Pick<Run, 'generatorCeiling' | 'polling' | 'security'>;

/** Cores of other work beside which a ceiling was measured that are worth a word. */
const TOLD_OTHERS = 0.1;

/** A server's run with the name that it has in the report. */
export interface NamedRun {
  readonly label: string;
  readonly run: Loaded;
}

/**
 * The tested load as a share of what the generator can take on this host: `Tested load 20 k deliveries/s = 4.2 % of what this
 * generator can take here, 480 k/s (sse, 256 bytes)`. null where no run knows it.
 */
export function testedLoad(named: readonly NamedRun[]): string | null {
  const known = named.flatMap(({ label, run }) => {
    const { generatorCeiling: ceiling } = run;
    if (!ceiling || ceiling.loadShare === null || ceiling.offeredPerSecond === null) return [];
    const { offeredPerSecond: offered, loadShare: share } = ceiling;
    return [{ label, run, ceiling, offered, share }];
  });
  const [first] = known;
  if (!first) return null;
  if (named.length === 1) {
    const what = first.run.polling && first.run.polling.intervalMs > 0 ? 'polls' : 'deliveries';
    return `Tested load ${formatRateOf(first.offered, what)} = ${formatShare(first.share)} of what this generator can take here, ${ceilingText(first)}${remark(first)}`;
  }
  const parts = known.map(
    (each) => `${each.label} ${formatShare(each.share)} of ${ceilingText(each)}${remark(each)}`,
  );
  return `Tested load as a share of what this generator can take here: ${[...new Set(parts)].join(', ')}`;
}

type Known = Pick<NamedRun, 'run'> & {
  readonly ceiling: NonNullable<Run['generatorCeiling']>;
  readonly share: number;
};

function ceilingText({ ceiling }: Known): string {
  const { deliveriesPerSecond, protocol, payloadBytes, streamsPerConnection } = ceiling;
  const shared =
    streamsPerConnection === 1 ? '' : `, ${formatCount(streamsPerConnection)} streams on a connection`;
  return `${formatRate(deliveriesPerSecond)} (${protocol}, ${formatCount(payloadBytes)} bytes${shared})`;
}

/** What a reader has to know before the share is taken at its word. */
function remark({ run, ceiling, share }: Known): string {
  const remarks = [];
  if (share > 1) remarks.push('more than with one message in each write');
  if (run.security.kind !== 'plain') remarks.push('measured without protection');
  const others = ceiling.othersCores ?? 0;
  if (others > TOLD_OTHERS) remarks.push(`measured beside ${significant(others)} cores of other work`);
  return remarks.length === 0 ? '' : `, ${remarks.join(', ')}`;
}
