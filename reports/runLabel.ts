import type { Run } from '../contract/result.ts';
import { linkWord } from './runLink.ts';
import { sharesConnections } from './runShape.ts';
import { startCommand } from './startCommand.ts';

/** Schemes of a user's own server that say themselves that it is reached over TLS. */
const SAYS_TLS = /^(https|wss|grpcs):/;

/**
 * A server of ours, `sse:shared`; the address of a user's own, or `sse target` where the run started it: its command is too long
 * for a name, and stands among the conditions.
 */
export function serverName(run: Run): string {
  if (startCommand(run) !== null) return `${run.stage} target`;
  return run.plan.target ?? `${run.stage}:${run.variant}`;
}

/**
 * What a run is called in every chart and table: the server's name with the streams that share a connection, what was put between clients and server, and how connections are protected:
 * `grpc:server-stream x100 rtt=80ms mtls-jwt`.
 */
export function serverLabel(run: Run): string {
  return [shapedName(run), ...protection(run)].join(' ');
}

/** The same without how its connections are protected: the name that a server shares with itself under other protection. */
export function shapedName(run: Run): string {
  // A sweep of the shape tells it as the value of the sweep.
  const isSwept = run.sweep?.key === 'streamsPerConnection';
  const shape = sharesConnections(run) && !isSwept ? [`x${run.plan.streamsPerConnection}`] : [];
  const link = run.plan.link === null ? [] : [linkWord(run.plan.link)];
  return [serverName(run), ...shape, ...link].join(' ');
}

function protection({ security, plan }: Run): string[] {
  const isSaid = security.kind === 'tls' && plan.target !== null && SAYS_TLS.test(plan.target);
  return security.kind === 'plain' || isSaid ? [] : [security.kind];
}

/** Labels of the runs of one result, told apart by number where one server ran more than once. */
export function runLabels(runs: readonly Run[]): string[] {
  const names = runs.map(serverLabel);
  return names.map((name, i) => {
    const repeats = names.filter((other) => other === name).length;
    return repeats === 1
      ? name
      : `${name} #${names.slice(0, i + 1).filter((other) => other === name).length}`;
  });
}

/** Runs with their labels. */
export function namedRuns(runs: readonly Run[]): { readonly label: string; readonly run: Run }[] {
  const labels = runLabels(runs);
  return runs.map((run, i) => ({ label: labels[i] ?? '', run }));
}
