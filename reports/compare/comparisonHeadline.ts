import type { Verdict } from '../../contract/result.ts';
import { formatCount, formatRateOf } from '../numbers.ts';
import { familyVerdicts } from '../verdicts.ts';
import { isSearch, METRIC } from './comparisonMetrics.ts';
import { figuresOf } from './figures.ts';
import { type Claim, listOf, meaning } from './meaning.ts';
import { ledgerFaults } from './notes.ts';
import type { ServerGroup } from './serverGroup.ts';

/** More than this is a list, not a finding. */
const MOST_CLAIMS = 4;

/** The finding of a comparison in one sentence: what the intervals support, what went wrong, what is in doubt. */
export function comparisonHeadline(groups: readonly ServerGroup[]): string {
  const claims = meaning(groups).flatMap(({ claim }) => claim ?? []);
  const parts = [...joined(claims.slice(0, MOST_CLAIMS)), ...outcome(groups), ...doubts(groups)];
  if (claims.length === 0) parts.unshift('the runs decide nothing yet');
  return `${load(groups)}${parts.join('; ')}`;
}

/** `20 k deliveries/s to 5 000 clients: `; nothing where the servers had different loads. */
function load(groups: readonly ServerGroup[]): string {
  const runs = groups.flatMap(({ runs: all }) => all.filter((run) => run.deliveries && !isSearch(run)));
  const loads = new Set(
    runs.map(({ deliveries, connections }) => {
      const rate = formatRateOf(deliveries?.offeredPerSecond ?? 0, 'deliveries');
      return `At ${rate} to ${formatCount(connections.requested)} clients, `;
    }),
  );
  const [only] = loads;
  return loads.size === 1 && only ? only : '';
}

/** Claims about one server in a row share its name. */
function joined(claims: readonly Claim[]): string[] {
  const who = [...new Set(claims.map((claim) => claim.who))];
  return who.map(
    (name) => `${name} ${listOf(claims.flatMap((claim) => (claim.who === name ? claim.what : [])))}`,
  );
}

function outcome(groups: readonly ServerGroup[]): string[] {
  if (figuresOf(groups, METRIC.lost).length === 0) return [];
  const faults = ledgerFaults(groups);
  return faults.length > 0 ? faults : ['nothing was lost, duplicated or reordered'];
}

/** `latency SUSPECT (sse:shared, ws:prepared)`. */
function doubts(groups: readonly ServerGroup[]): string[] {
  const worst = familyVerdicts(groups.flatMap(({ runs }) => runs)).filter(
    ({ verdict }) => verdict !== 'VALID',
  );
  return worst.map(
    ({ family, verdict }) => `${family} ${verdict} (${listOf(blamed(groups, family, verdict))})`,
  );
}

function blamed(groups: readonly ServerGroup[], family: string, verdict: Verdict): string[] {
  return groups
    .filter(({ runs }) =>
      runs.some(({ validity }) =>
        validity.reasons.some(
          (reason) => reason.verdict === verdict && reason.families.some((name) => name === family),
        ),
      ),
    )
    .map(({ label }) => label);
}
