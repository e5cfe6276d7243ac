import type { Run } from '../contract/result.ts';
import { faultName } from './faultName.ts';
import { jitterFinding } from './jitterFinding.ts';
import { formatCount, formatShare, formatUs, NOT_DEFINED, orMissing } from './numbers.ts';
import { quotable } from './percentiles.ts';
import { rollingSentence } from './rollingRestart.ts';
import { runLabels, serverLabel } from './runLabel.ts';
import { slowSentence } from './slowReaders.ts';

/** The finding of runs that were made for one question only; null where they were made for none of these. */
export function scenarioFinding(runs: readonly Run[]): string | null {
  return (
    articlePollFinding(runs) ??
    articleWsFinding(runs) ??
    rollingFinding(runs) ??
    faultFinding(runs) ??
    slowFinding(runs)
  );
}

/** What the claims of polling came to: the exponent, and how long a poll takes. */
function articlePollFinding(runs: readonly Run[]): string | null {
  const rows = runs.flatMap(({ articlePoll }) => (articlePoll ? [articlePoll] : []));
  if (rows.length === 0) return null;
  const fitted = rows.flatMap(({ variant, exponent }) => (exponent ? [{ variant, exponent }] : []));
  const reached = fitted.filter(
    ({ exponent }) => exponent.low <= exponent.claim && exponent.high >= exponent.claim,
  );
  const values = fitted.map(({ variant, exponent }) => `${variant} ${exponent.value.toFixed(2)}`).join(', ');
  const law =
    fitted.length === 0
      ? 'The growth of CPU with polls was not measured'
      : `Server CPU grows with polls per second to the power of ${values}; the claimed square ${
          reached.length === 0
            ? 'is not reproduced'
            : `is not ruled out for ${reached.map(({ variant }) => variant).join(', ')}`
        }`;
  const claimed = rows.find(({ claim, meanRoundTripUs }) => claim !== null && meanRoundTripUs !== null);
  const delay = claimed?.claim
    ? `; a ${claimed.variant} poll takes ${formatUs(claimed.meanRoundTripUs ?? 0)} (claimed ${formatUs(claimed.claim.meanDelayMs * 1000)}, over TLS), ${emptyClause(claimed.emptyRatio)}`
    : '';
  return `${law}${delay}`;
}

function emptyClause(ratio: number | null): string {
  return ratio === null ? 'empty polls not measured' : `${formatShare(ratio)} of the polls are in vain`;
}

function articleWsFinding(runs: readonly Run[]): string | null {
  const rows = runs.flatMap(({ articleWs }) => (articleWs ? [articleWs] : []));
  const [first] = rows;
  if (!first) return null;
  const found = rows.flatMap((row) => {
    const jitter = jitterFinding(row);
    return jitter ? [{ variant: row.variant, ...jitter }] : [];
  });
  const above = `above ${formatCount(first.claimAboveConnections)} connections`;
  if (found.length === 0) return `Memory jitter ${above} was not measured on both sides of the claim`;
  const rising = found.filter(({ rises }) => rises);
  const verdict =
    rising.length === 0
      ? `Memory does not clearly jitter more ${above}`
      : `Memory jitters more ${above} with ${rising.map(({ variant }) => variant).join(' and ')}`;
  const figures = found.map(
    ({ variant, upTo, above: high }) =>
      `${variant} ${formatShare(upTo)} up to there, ${formatShare(high)} above`,
  );
  return `${verdict}: ${figures.join('; ')}`;
}

/** What the clients that read slowly cost the others, and what became of them. */
function slowFinding(runs: readonly Run[]): string | null {
  const sentences = runs.flatMap((run) => slowSentence(run) ?? []);
  const [run] = runs;
  if (!run || runs.length > 1 || sentences.length === 0) return null;
  const others = latencyOfOthers(run);
  return `${serverLabel(run)}: ${others}, ${formatCount(run.deliveries?.lost ?? 0)} lost; ${sentences[0]}`;
}

function latencyOfOthers({ latencyUs }: Run): string {
  const percentile = latencyUs && quotable(latencyUs.delivery);
  if (!percentile) return 'too few messages for a percentile of the others';
  return `${percentile.label} of the others ${orMissing(latencyUs.delivery[percentile.key], formatUs, NOT_DEFINED)}`;
}

/** Whether anybody noticed that instances came and went. */
function rollingFinding(runs: readonly Run[]): string | null {
  const sentences = runs.flatMap((run) => rollingSentence(run) ?? []);
  const [run] = runs;
  if (!run || runs.length > 1 || sentences.length === 0) return null;
  return `${serverLabel(run)}: ${sentences[0]}`;
}

/** What was broken, how long it took, and whether anything is missing. */
function faultFinding(runs: readonly Run[]): string | null {
  const broken = runs.flatMap((run) => (run.fault ? [{ run, fault: run.fault }] : []));
  const [first] = broken;
  if (!first || broken.length < runs.length) return null;
  const labels = runLabels(runs);
  const each = broken.map(({ run, fault }, i) => {
    const back =
      fault.recoveredMs === null
        ? `${formatCount(fault.connectionsBack)} of ${formatCount(fault.connectionsHit)} connections back`
        : `${formatCount(fault.connectionsHit)} connections back after ${formatUs(fault.recoveredMs * 1000)}`;
    const lost = run.deliveries
      ? `, ${formatCount(run.deliveries.lost)} lost, ${formatCount(run.deliveries.duplicated)} duplicated`
      : '';
    return `${broken.length > 1 ? `${labels[i]} ` : ''}${back}${lost}`;
  });
  return `${faultName(first.fault.kind)}: ${each.join('; ')}`;
}
