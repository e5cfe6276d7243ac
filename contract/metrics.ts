/** One path of a result that other tools may rely on; paths start at a run. */
export interface Metric {
  /** From a run of the result, e.g. `latencyUs.delivery.p99`. */
  readonly path: string;
  readonly unit: string;
  readonly meaning: string;
}

const QUANTILES = ['p50', 'p90', 'p95', 'p99', 'p999', 'max', 'mean', 'min'] as const;

function latency(at: string, meaning: string): Metric[] {
  return QUANTILES.map((quantile) => ({
    path: `${at}.${quantile}`,
    unit: 'us',
    meaning: `${meaning}, ${quantile === 'p999' ? 'p99.9' : quantile}`,
  }));
}

function counts(at: string, meanings: Readonly<Record<string, string>>, unit = 'count'): Metric[] {
  return Object.entries(meanings).map(([name, meaning]) => ({ path: `${at}.${name}`, unit, meaning }));
}

function perConnection(role: string, who: string): Metric[] {
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

/** The one vocabulary of results: `bench list metrics`, thresholds and gates take their names from here. */
export const METRICS: readonly Metric[] = [
  ...counts('connections', {
    requested: 'connections asked for',
    established: 'connections live at the end of the ramp',
    failed: 'attempts that failed',
    dropped: 'ended by the server or the network after they were established',
  }),
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
];
