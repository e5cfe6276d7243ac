import type { Run, Verdict } from '../../contract/result.ts';
import { formatCount, formatRateOf } from '../numbers.ts';
import { unsettledText } from '../steadyText.ts';
import { familyVerdicts } from '../verdicts.ts';
import { changes } from './changes.ts';
import type { Comparison } from './comparison.ts';
import { METRIC } from './comparisonMetrics.ts';
import { isSameServer, pairsOfSources } from './delta.ts';
import { figuresOf } from './figures.ts';
import { listOf } from './listOf.ts';
import { type Claim, meaning } from './meaning.ts';
import { isSearch } from './metric.ts';
import { ledgerFaults } from './notes.ts';
import { securityFinding } from './securityFinding.ts';
import type { ServerGroup } from './serverGroup.ts';
import { slowLosses } from './slowCost.ts';
import { sweepFinding } from './sweepMeaning.ts';

/** More than this is a list, not a finding. */
const MOST_CLAIMS = 4;

/** The finding of a comparison in one sentence: what changed, or what the intervals support; what went wrong; what is in doubt. */
export function comparisonHeadline(comparison: Comparison): string {
  const { servers } = comparison;
  const pairs = pairsOfSources(comparison).filter(isSameServer);
  const sweep = sweepFinding(comparison.groups);
  const costs = securityFinding(servers);
  const told = sweep !== null ? [sweep] : costs.length > 0 ? costs : findings(servers);
  const found = pairs.length > 0 ? changes(pairs) : told;
  return `${aborted(comparison)}${[...found, ...outcome(servers), ...slowLosses(comparison.groups), ...unsettled(servers), ...doubts(servers)].join('; ')}`;
}

function aborted({ sources }: Comparison): string {
  return sources.some(({ result }) => result.status === 'aborted') ? 'Aborted: ' : '';
}

function findings(groups: readonly ServerGroup[]): string[] {
  const statements = meaning(groups);
  const claims = statements.flatMap(({ claim }) => claim ?? []);
  const undecided = statements.flatMap(({ undecided: about }) => about ?? []);
  const nothing =
    undecided.length > 0 ? `no server is told apart by ${listOf(undecided)}` : 'the runs decide nothing yet';
  const [first = nothing, ...rest] = joined(claims.slice(0, MOST_CLAIMS));
  return [`${load(groups)}${first}`, ...rest];
}

/** `20 k deliveries/s to 5 000 clients: `; nothing where the servers had different loads. */
function load(groups: readonly ServerGroup[]): string {
  const runs = groups.flatMap(({ runs: all }) => all.filter((run) => run.deliveries && !isSearch(run)));
  const loads = new Set(
    runs.map(({ deliveries, connections }) => {
      const rate = formatRateOf(deliveries?.offeredPerSecond ?? 0, 'deliveries');
      return `At ${rate} to ${formatCount(connections.requested)} ${clientsOf(runs)}, `;
    }),
  );
  const [only] = loads;
  return loads.size === 1 && only ? only : '';
}

/** `streams, 100 on a connection`, where all servers share connections alike; else `clients`, and the names tell the shapes. */
function clientsOf(runs: readonly Run[]): string {
  const shapes = new Set(runs.map(({ plan }) => plan.streamsPerConnection));
  const [shared = 1] = shapes;
  return shapes.size === 1 && shared > 1 ? `streams, ${formatCount(shared)} on a connection` : 'clients';
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

/** A p99 of a run that had not settled depends on how long it was measured. */
function unsettled(groups: readonly ServerGroup[]): string[] {
  const text = unsettledText(groups.flatMap(({ label, runs }) => runs.map((run) => ({ label, run }))));
  return text === null ? [] : [text];
}

/** `latency and throughput SUSPECT (sse:shared and ws:prepared)`, `memory INVALID (every server)`. */
function doubts(groups: readonly ServerGroup[]): string[] {
  const worst = familyVerdicts(groups.flatMap(({ runs }) => runs)).filter(
    ({ verdict }) => verdict !== 'VALID',
  );
  const byBlame = new Map<string, string[]>();
  for (const { family, verdict } of worst) {
    const blame = `${verdict} (${someOf(blamed(groups, family, verdict), groups.length)})`;
    byBlame.set(blame, [...(byBlame.get(blame) ?? []), family]);
  }
  return [...byBlame].map(([blame, families]) => `${listOf(families)} ${blame}`);
}

/** Two names are read, more are counted. */
function someOf(names: readonly string[], all: number): string {
  if (names.length <= 2) return listOf(names);
  return names.length === all ? 'every server' : `${names.length} of ${all} servers`;
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
