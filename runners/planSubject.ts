import type { Scenario, Settings, TargetSettings } from '../contract/config.ts';
import type { BalancePolicy } from '../contract/discovery.ts';
import { BenchError, EXIT } from '../contract/errors.ts';
import type { Endpoint, Protocol, ServerCapabilities } from '../contract/pushServer.ts';
import { filesPerProcess } from './filesPerProcess.ts';
import type { Chosen } from './intendedRuns.ts';
import { loopbackAddress } from './link/planLink.ts';
import type { HostLimits } from './samplers/limits.ts';
import { targetEndpoint } from './targetEndpoint.ts';

/** Connections per address and port: connect() slows down long before the ephemeral ports run out. */
const CONNECTIONS_PER_ADDRESS = 2_500;
/** A cluster of one node would never use its bus. */
const BUS_NODES = 2;
/** One address and port of a user's own server. */
export const TARGET_CONNECTIONS = 25_000;
/** Over HTTP/2, where several subscribers can share a connection. */
export const MULTIPLEXED: readonly Protocol[] = ['grpc', 'sse-h2'];

export interface NodePlan {
  readonly listen: readonly Endpoint[];
}

/** Where the load of a run goes. */
export type Subject =
  | {
      readonly kind: 'reference';
      readonly stage: string;
      readonly variant: string;
      readonly tag: string;
      readonly capabilities: ServerCapabilities;
      readonly nodes: readonly NodePlan[];
      /** Address of a bus that runs elsewhere; null: the run starts its own, or needs none. */
      readonly givenBus: string | null;
    }
  | { readonly kind: 'target'; readonly target: TargetSettings; readonly endpoint: Endpoint };

interface SubjectContext {
  readonly settings: Pick<Settings, 'discovery' | 'buses'>;
  readonly limits: HostLimits;
  readonly platform: string;
}

/** @throws BenchError where its nodes could not hold the connections, or none would be left */
export function referenceOf(
  { settings: { discovery, buses }, limits, platform }: SubjectContext,
  { stage, variant }: Chosen,
  scenario: Scenario,
): Subject {
  const { connections } = scenario;
  const capabilities = sharing(variant, scenario);
  const needed = Math.ceil(connections / filesPerProcess(limits));
  const wanted = Math.max(
    needed,
    Math.min(scenario.nodes, connections),
    capabilities.bus === null ? 1 : BUS_NODES,
  );
  const killed = killedBy(scenario);
  if (wanted <= (scenario.fault === 'rolling-restart' ? 1 : killed)) throw needsNodes(scenario);
  const { balance } = discovery;
  const most = filesPerProcess(limits) * (capabilities.multiplexes ? scenario.streamsPerConnection : 1);
  if (gathersOnOne(scenario, balance) && connections > most) throw tooManyForOne(scenario, most);
  const nodeCount = Math.max(wanted, needed + killed);
  const sockets = Math.ceil(mostOnNode(scenario, balance, nodeCount) / CONNECTIONS_PER_ADDRESS);
  return {
    kind: 'reference',
    stage: stage.name,
    variant: variant.name,
    tag: variant.tag,
    capabilities,
    givenBus: capabilities.bus === null ? null : (buses[capabilities.bus] ?? null),
    nodes: Array.from({ length: nodeCount }, () => ({ listen: listenOn(sockets, platform) })),
  };
}

function needsNodes(scenario: Scenario): BenchError {
  return new BenchError(`scenario ${scenario.name}: nodes ${scenario.nodes}: taking one away leaves none`, {
    exitCode: EXIT.usage,
    hint: 'Give --nodes 2 or more.',
  });
}

/** One node may have to hold all connections: the first one, or the last that has not restarted. */
function gathersOnOne({ fault }: Scenario, balance: BalancePolicy): boolean {
  return fault === 'rolling-restart' || balance === 'pick_first';
}

function tooManyForOne({ name, connections }: Scenario, most: number): BenchError {
  return new BenchError(
    `scenario ${name}: connections ${connections}: one instance may have to hold them all, and a process here holds ${most}`,
    { exitCode: EXIT.usage, hint: `Give --connections ${most} or less.` },
  );
}

function listenOn(sockets: number, platform: string): Endpoint[] {
  return Array.from({ length: sockets }, (_, i) => loopbackAddress(i, platform));
}

/** @throws BenchError where one address cannot hold the connections */
export function targetOf(target: TargetSettings | null, scenario: Scenario): Subject {
  if (target === null)
    throw new BenchError('no stage and no target', { exitCode: EXIT.internal, hint: 'Give --stage.' });
  const shared = MULTIPLEXED.includes(target.protocol) ? scenario.streamsPerConnection : 1;
  const most = TARGET_CONNECTIONS * shared;
  if (scenario.connections > most) {
    const streams = shared === 1 ? '' : `, ${shared} streams on each`;
    throw new BenchError(
      `connections ${scenario.connections}: one address and port holds at most ${TARGET_CONNECTIONS} connections from this host${streams}`,
      { exitCode: EXIT.usage, hint: `Give --connections ${most} or less.` },
    );
  }
  return { kind: 'target', target, endpoint: targetEndpoint(target.url) };
}

/** Subscribers that one of the nodes may have to hold: those that are left take over from the one that is killed. */
export function mostOnNode(scenario: Scenario, balance: BalancePolicy, nodes: number): number {
  if (gathersOnOne(scenario, balance)) return scenario.connections;
  return Math.ceil(scenario.connections / Math.max(1, nodes - killedBy(scenario)));
}

function killedBy({ fault }: Scenario): number {
  return fault === 'kill-node' ? 1 : 0;
}

/** Whether several subscribers share a connection. */
export function multiplexes(subject: Subject): boolean {
  if (subject.kind === 'reference') return subject.capabilities.multiplexes;
  return MULTIPLEXED.includes(subject.target.protocol);
}

/** Instances of one service share what is published: with a bus, where they would do without one else. */
function sharing({ capabilities }: Chosen['variant'], { fault }: Scenario): ServerCapabilities {
  if (fault !== 'rolling-restart' || !capabilities.joinsBus) return capabilities;
  return { ...capabilities, bus: 'embedded', publishTo: 'any-node' };
}
