interface MetricText {
  /** From a run of the result, e.g. `latencyUs.delivery.p99`. */
  readonly path: string;
  readonly unit: string;
  readonly meaning: string;
}

/** One path of a result that other tools may rely on; paths start at a run. */
export interface Metric extends MetricText {
  /** Which way is good; null: neither, as of what was asked for. */
  readonly better: 'higher' | 'lower' | null;
}

const QUANTILES = ['p50', 'p90', 'p95', 'p99', 'p999', 'max', 'mean', 'min'] as const;

function latency(at: string, meaning: string): MetricText[] {
  return QUANTILES.map((quantile) => ({
    path: `${at}.${quantile}`,
    unit: 'us',
    meaning: `${meaning}, ${quantile === 'p999' ? 'p99.9' : quantile}`,
  }));
}

function phase(name: string, meaning: string): MetricText[] {
  return ['p50', 'p99', 'max'].map((figure) => ({
    path: `fault.${name}.${figure}`,
    unit: 'us',
    meaning: `${meaning}, ${figure}`,
  }));
}

function counts(at: string, meanings: Readonly<Record<string, string>>, unit = 'count'): MetricText[] {
  return Object.entries(meanings).map(([name, meaning]) => ({ path: `${at}.${name}`, unit, meaning }));
}

function perConnection(role: string, who: string): MetricText[] {
  const rulers = {
    rss: 'resident memory',
    pss: 'proportional memory',
    heap: 'V8 heap',
    external: 'memory outside V8',
  };
  return Object.entries(rulers).map(([ruler, name]) => ({
    path: `memory.${role}.${ruler}PerConnectionBytes`,
    unit: 'bytes',
    meaning: `${name} of ${who} per connection, slope over the levels`,
  }));
}

const LISTED: readonly MetricText[] = [
  ...counts('connections', {
    requested: 'connections asked for',
    established: 'connections live at the end of the ramp',
    failed: 'attempts that failed',
    dropped: 'ended by the server or the network after they were established',
  }),
  ...counts('plan', { streamsPerConnection: 'subscriptions that share a connection' }),
  { path: 'plan.link.rttMs', unit: 'ms', meaning: 'round trip that a link added; null: there was none' },
  { path: 'plan.link.jitterMs', unit: 'ms', meaning: 'by how much it varied to each side' },
  ...counts('connections', { tcp: 'TCP connections that carried them at the end of the ramp' }),
  { path: 'connections.perSecond', unit: '1/s', meaning: 'connections established per second of the ramp' },
  ...latency('handshakeUs', 'answer parsed less intended connect'),
  ...counts('publish', { offeredPerSecond: 'scheduled', achievedPerSecond: 'really sent' }, 'publishes/s'),
  ...counts('publish', {
    attempted: 'publishes that were due',
    sent: 'publishes accepted (2xx)',
    refused: 'publishes answered 429',
    unsent: 'slots of the schedule never attempted',
  }),
  ...latency('publish.ackUs', 'publish sent to its answer'),
  ...counts('deliveries', {
    expected: 'connections x messages of their rooms',
    received: 'deliveries that arrived, each counted once',
    lost: 'expected, not there after the drain',
    duplicated: 'arrived again',
    reordered: 'below the highest sequence number seen (RFC 4737)',
    superseded: 'made visible only together with a newer one',
    unclassified: 'outside the window of the ledger',
  }),
  {
    path: 'deliveries.perSecond',
    unit: 'deliveries/s',
    meaning: 'received inside the window over its length: QPS',
  },
  ...latency('latencyUs.delivery', 'received less intended: the headline'),
  ...latency('latencyUs.service', 'received less sent'),
  ...latency('latencyUs.sendLag', 'sent less intended'),
  ...perConnection('server', 'the server nodes'),
  ...perConnection('generator', 'the load workers'),
  {
    path: 'memory.kernelPerConnectionBytes',
    unit: 'bytes',
    meaning: 'kernel slab per connection, both ends, idle',
  },
  {
    path: 'memory.machineBytes',
    unit: 'bytes',
    meaning: 'whole machine, all connections live, less before the start',
  },
  {
    path: 'memory.server.meanRssBytes',
    unit: 'bytes',
    meaning: 'resident memory of the server under load, mean',
  },
  {
    path: 'memory.server.peakRssBytes',
    unit: 'bytes',
    meaning: 'resident memory of the server under load, peak',
  },
  { path: 'cpu.server.usPerDelivery', unit: 'us', meaning: 'CPU of the server nodes per delivery' },
  {
    path: 'cpu.server.usPerPublish',
    unit: 'us',
    meaning: 'CPU of the server per publish with nobody subscribed',
  },
  { path: 'cpu.generator.usPerDelivery', unit: 'us', meaning: 'CPU of the load workers per delivery' },
  { path: 'cpu.link.usPerDelivery', unit: 'us', meaning: 'CPU of the relay of a link per delivery' },
  {
    path: 'io.server.syscallsPerDelivery',
    unit: 'calls',
    meaning: 'read and write calls of the server per delivery',
  },
  {
    path: 'wire.bytesPerDelivery',
    unit: 'bytes',
    meaning: 'bytes on the wire per delivery, both directions',
  },
  { path: 'loop.delayP99Us', unit: 'us', meaning: 'event-loop delay of the slowest server node, p99' },
  {
    path: 'loop.utilisation',
    unit: 'fraction',
    meaning: 'event-loop utilisation of the busiest server node',
  },
  { path: 'gc.pauseMsPerSecond', unit: 'ms/s', meaning: 'garbage collection of the server per second' },
  { path: 'gc.allocatedBytesPerDelivery', unit: 'bytes', meaning: 'allocated by the server per delivery' },
  { path: 'handles.perConnection', unit: 'count', meaning: 'handles of the server per connection' },
  { path: 'handles.timersPerConnection', unit: 'count', meaning: 'timers of the server per connection' },
  {
    path: 'roi.qpsPerMbRss',
    unit: '1/s/MB',
    meaning: "the article's: QPS over megabytes of RSS per connection",
  },
  {
    path: 'roi.sloDeliveriesPerMbServer',
    unit: '1/s/MB',
    meaning: 'deliveries/s inside the objective per MB of server',
  },
  {
    path: 'roi.money.perMillionDeliveries',
    unit: 'currency',
    meaning: 'a million deliveries at the prices of the config, or at example prices',
  },
  {
    path: 'roi.money.per100kConnectionMonth',
    unit: 'currency',
    meaning: '100,000 connections held for a month at these prices',
  },
  {
    path: 'generatorCeiling.deliveriesPerSecond',
    unit: 'deliveries/s',
    meaning: 'what the generator can take on this host from a server that does nothing but send',
  },
  { path: 'generatorCeiling.loadShare', unit: 'fraction', meaning: 'offered load over that' },
  {
    path: 'ceiling.ratePerSecond',
    unit: 'publishes/s',
    meaning: 'highest rate that kept the objective',
  },
  {
    path: 'ceiling.deliveriesPerSecond',
    unit: 'deliveries/s',
    meaning: 'deliveries at that rate: the QPS ceiling',
  },
  ...counts('polling', { intervalMs: 'between two polls of a client' }, 'ms'),
  ...counts('polling', { sentPerSecond: 'polls sent in the window' }, '1/s'),
  ...counts('polling', {
    sent: 'polls sent in the window, bulk clients',
    answered: 'whole answers, of whatever status',
    empty: 'of them, those that showed nothing new',
    failed: 'polls without a usable answer',
    skipped: 'polls due while the one before was under way',
  }),
  ...counts(
    'polling',
    {
      wastedRatio: 'empty answers of all answers; a function of eventsPerPollInterval',
      eventsPerPollInterval: 'messages per stream and poll interval',
      connectionReuseRatio: '1 less connections opened per poll sent',
    },
    'ratio',
  ),
  ...counts('polling', { bytesPerEmptyPoll: 'request and answer of a poll that showed nothing' }, 'bytes'),
  ...latency('polling.scheduleErrorUs', 'poll sent less due'),
  ...latency('polling.roundTripUs', 'poll due to its whole answer, connecting included'),
  ...latency('bus.hopUs', 'handed to the bus at one node to received at another'),
  ...counts('bus', {
    received: 'messages that nodes got from the bus',
    lost: 'messages that a node never got from the bus',
    publishFailed: 'publishes that the bus did not confirm',
    reconnects: 'times that a node came back to the bus',
  }),
  ...counts('bus', { brokerRssBytes: 'resident memory of the broker' }, 'bytes'),
  ...counts(
    'fault',
    { atMs: 'from the start of the window to the fault', recoveredMs: 'from the fault until all were back' },
    'ms',
  ),
  ...counts('fault', {
    connectionsHit: 'connections that the fault ended',
    connectionsBack: 'of those, the ones that came back',
  }),
  ...latency('fault.reconnectUs', 'loss of a connection until it is back'),
  ...phase('before', 'delivery latency of messages due before the fault'),
  ...phase('during', 'of those due from the fault until all were back'),
  ...phase('after', 'of those due afterwards'),
  ...counts('flow', { limitMessages: 'messages that may be under way to one subscriber' }),
  ...counts('flow', { limitBytes: 'bytes of the same' }, 'bytes'),
  ...counts('flow', {
    peakConnectionMessages: 'most messages under way to one subscriber since the start, over all nodes',
  }),
  ...counts('flow', { peakConnectionBytes: 'bytes of the same' }, 'bytes'),
  ...counts('flow', {
    refusedPublishes: 'publishes refused because a node was above a mark',
    refusedSubscribers: 'subscribers ended because they were above a mark',
    stalls: 'times that a socket took no more for the moment',
  }),
  ...counts('slow', { share: 'share of the connections that read slowly' }, 'ratio'),
  ...counts('slow', { bytesPerSecond: 'that a slow one reads' }, 'bytes/s'),
  ...counts('slow', {
    slots: 'slow clients',
    expected: 'deliveries to them',
    received: 'of those, the ones that arrived',
    lost: 'of those, the ones that did not',
    kept: 'slow clients that the server never ended',
    back: 'ended by the server, and back at the end',
    away: 'ended by the server, and away at the end',
    gapTold: 'slow clients that were told of a gap',
  }),
  ...latency('slow.delivery', 'delivery latency of slow clients'),
  ...counts('rolling', {
    moved: 'streams that had to move to another instance',
    callsFailed: 'publish calls that failed',
    callsRetried: 'publish calls that the client tried again at another instance',
  }),
  ...counts('chat', {
    messages: 'said by clients, typing notices included',
    typing: 'of those, the typing notices',
    halfClosed: 'clients that ended their half and went on receiving',
    halfCloseRefused: 'clients that asked to and could not',
    halfClosedExpected: 'deliveries to clients that had ended their half',
    halfClosedReceived: 'of those, the ones that arrived',
    tcpConnections: 'TCP connections of all clients, uplinks included',
  }),
  ...latency('chat.echoUs', 'due to the sender seeing its own message'),
  ...counts('closedLoop', { connections: 'connections that ask as soon as they are answered' }),
  ...counts(
    'closedLoop',
    { requestsPerSecond: 'polls served per second at saturation: 2xx, or 304 to a tag' },
    '1/s',
  ),
  ...counts('closedLoop', { p50Us: 'closed loop: not comparable, p50', p99Us: 'the same, p99' }, 'us'),
  ...counts('closedLoop', { errors: 'requests that failed', non2xx: 'answers of another status than 2xx' }),
];

/** More of it is good. */
const HIGHER: ReadonlySet<string> = new Set([
  'connections.established',
  'connections.perSecond',
  'publish.achievedPerSecond',
  'publish.sent',
  'deliveries.received',
  'deliveries.perSecond',
  'roi.qpsPerMbRss',
  'roi.sloDeliveriesPerMbServer',
  'ceiling.ratePerSecond',
  'ceiling.deliveriesPerSecond',
  'polling.connectionReuseRatio',
  'bus.received',
  'fault.connectionsBack',
  'slow.received',
  'slow.kept',
  'slow.back',
  'chat.halfClosedReceived',
  'closedLoop.requestsPerSecond',
]);

/** What was asked for, what follows from it, and what says something about the generator or the client and not the server. */
const NEITHER: ReadonlySet<string> = new Set([
  'connections.requested',
  'connections.tcp',
  'publish.offeredPerSecond',
  'publish.attempted',
  'deliveries.expected',
  'generatorCeiling.deliveriesPerSecond',
  'generatorCeiling.loadShare',
  'polling.intervalMs',
  'polling.sentPerSecond',
  'polling.sent',
  'polling.answered',
  'polling.eventsPerPollInterval',
  'fault.atMs',
  'fault.connectionsHit',
  'flow.limitMessages',
  'flow.limitBytes',
  'slow.share',
  'slow.bytesPerSecond',
  'slow.slots',
  'slow.expected',
  'slow.gapTold',
  'chat.messages',
  'chat.typing',
  'chat.halfClosed',
  'chat.halfClosedExpected',
  'chat.tcpConnections',
  'closedLoop.connections',
]);

function betterOf(path: string): Metric['better'] {
  if (HIGHER.has(path)) return 'higher';
  return NEITHER.has(path) || path.startsWith('plan.') ? null : 'lower';
}

/** The one vocabulary of results: `bench list metrics`, thresholds and gates take their names from here. */
export const METRICS: readonly Metric[] = LISTED.map((metric) => ({
  ...metric,
  better: betterOf(metric.path),
}));
