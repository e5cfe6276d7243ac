import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Scenario, Settings, TargetSettings } from '../contract/config.ts';
import { DEFAULT_ACCESS } from '../contract/config.ts';
import { BenchError, EXIT } from '../contract/errors.ts';
import { findScenario } from '../scenarios/registry.ts';
import { PLAIN_TARGET } from '../test/plainTarget.ts';
import { describePlans } from './describePlan.ts';
import { planRuns, type RunPlan } from './plan.ts';
import { expectedDurationMs } from './planDuration.ts';
import { checkMemory, expectedBytes } from './planMemory.ts';
import { TARGET_CONNECTIONS } from './planSubject.ts';
import type { HostLimits } from './samplers/limits.ts';

const LIMITS: HostLimits = {
  openFiles: { soft: 20_000, hard: 20_000 },
  somaxconn: 4_096,
  ephemeralPorts: [32_768, 60_999],
  memAvailableBytes: 20e9,
  memTotalBytes: 24e9,
  cores: 2,
  tcpMemPages: null,
};

const TARGET: TargetSettings = { ...PLAIN_TARGET, url: 'http://[::1]:9000' };

function scenario(name: string, over: Partial<Scenario> = {}): Scenario {
  const found = findScenario(name);
  assert.ok(found, name);
  return { ...found, ...over };
}

function settings(over: Partial<Settings> = {}): Settings {
  return {
    stages: [{ stage: 'sse', variant: 'raw' }],
    scenario: scenario('steady'),
    target: null,
    runs: 1,
    seed: 42,
    labels: {},
    cost: null,
    buses: {},
    sweep: null,
    ...DEFAULT_ACCESS,
    ...over,
  };
}

function plan(over: Partial<Settings> = {}, limits: Partial<HostLimits> = {}, platform = 'linux'): RunPlan[] {
  return planRuns(settings(over), { ...LIMITS, ...limits }, platform);
}

function nodesOf({ subject }: RunPlan) {
  assert.ok(subject.kind === 'reference');
  return subject.nodes;
}

const variantOf = ({ subject }: RunPlan) => (subject.kind === 'reference' ? subject.variant : 'target');

/** The slots of all workers follow each other without a gap and without an overlap. */
function assertCovers({ workers }: RunPlan, connections: number): void {
  let next = 0;
  for (const { firstSlot, slots } of workers) {
    assert.equal(firstSlot, next);
    assert.ok(slots > 0);
    next += slots;
  }
  assert.equal(next, connections);
}

const refused = (message: RegExp, hint: RegExp) => (error: unknown) => {
  assert.ok(error instanceof BenchError);
  assert.equal(error.exitCode, EXIT.usage);
  assert.match(error.message, message);
  assert.match(error.hint, hint);
  return true;
};

test('100,000 connections at 20,000 open files take six nodes and six workers', () => {
  const [run] = plan({ scenario: scenario('c100k') });
  const nodes = nodesOf(run);
  assert.equal(nodes.length, 6);
  assert.equal(run.workers.filter(({ role }) => role === 'worker').length, 6);
  assert.equal(run.workers.at(-1)?.role, 'probe');
  assertCovers(run, 100_000);
  assert.ok(run.workers.every(({ slots }) => slots <= 19_500));
  for (const { listen } of nodes) assert.ok(100_000 / 6 / listen.length <= 2_500);
});

test('a small run takes one process of each', () => {
  const [run] = plan({ scenario: scenario('steady', { connections: 100, probes: 0 }) });
  assert.deepEqual(run.workers, [{ role: 'worker', firstSlot: 0, slots: 100 }]);
  assert.deepEqual(nodesOf(run), [{ listen: [{ host: '127.0.0.1', port: 0 }] }]);
});

test('sockets of a node are loopback addresses on Linux, ports of one address elsewhere', () => {
  const hosts = (platform: string) => nodesOf(plan({}, {}, platform)[0])[0].listen.map(({ host }) => host);
  assert.deepEqual(hosts('linux'), ['127.0.0.1', '127.0.0.2']);
  assert.deepEqual(hosts('darwin'), ['127.0.0.1', '127.0.0.1']);
});

for (const probes of [9, 10, 11, 5_000]) {
  test(`ten connections and ${probes} probes asked for: never more probes than connections`, () => {
    const [run] = plan({ scenario: scenario('steady', { connections: 10, probes }) });
    assertCovers(run, 10);
    assert.equal(run.workers.at(-1)?.slots, Math.min(10, probes));
  });
}

test('rooms are no more than connections, and 0 is a room for each', () => {
  for (const [rooms, streams] of [
    [4, 4],
    [100, 20],
    [0, 20],
  ]) {
    const [run] = plan({ scenario: scenario('steady', { connections: 20, rooms, probes: 0 }) });
    assert.equal(run.streams, streams);
    assert.equal(run.fanOut, 20 / streams);
  }
});

test('too few open files are refused with the limit that is needed', () => {
  const openFiles = { soft: 600, hard: 600 };
  assert.throws(() => plan({}, { openFiles }), refused(/600 open files/, /ulimit -n/));
  assert.equal(plan({ scenario: scenario('steady', { connections: 50 }) }, { openFiles: null }).length, 1);
});

test('more memory than there is is refused with the number that fits', () => {
  const many = { scenario: scenario('c100k') };
  assert.throws(
    () => plan(many, { memAvailableBytes: 1e9 }),
    refused(/connections 100000: about/, /--connections \d+/),
  );
  const needed = plan(many)[0].expectedBytes;
  assert.ok(needed > 1e9 && needed < 10e9, `${needed}`);
});

test('memory is refused above 85 % of what is free, not at it', () => {
  const limits = { ...LIMITS, memAvailableBytes: 1_000_000_000 };
  checkMemory(50_000, 850_000_000, limits);
  assert.throws(
    () => checkMemory(50_000, 851_000_000, limits),
    refused(/0\.9 GB needed/, /--connections 49000 /),
  );
  const plain = {
    connections: 10,
    streamsPerConnection: null,
    isProtected: false,
    isRelayed: false,
    serverBytes: 0,
    processes: 0,
  };
  const none = { ...plain, connections: 0 };
  assert.equal(expectedBytes({ ...none, processes: 2 }) * 2, expectedBytes({ ...none, processes: 4 }));
  assert.equal(expectedBytes({ ...plain, serverBytes: 1_000 }) - expectedBytes(plain), 10_000);
  const alone = expectedBytes({ ...plain, streamsPerConnection: 1 });
  assert.ok(expectedBytes({ ...plain, streamsPerConnection: 10 }) < alone);
  assert.ok(expectedBytes({ ...plain, isProtected: true }) > expectedBytes(plain));
  assert.ok(expectedBytes({ ...plain, isRelayed: true }) > expectedBytes(plain));
});

test('slow readers are planned with what the kernel and flow control keep for them', () => {
  const at = (slowShare: number, link: Settings['link'] = null) =>
    plan({
      scenario: scenario('steady', { connections: 1_000, slowShare, flowMessages: 16, payloadBytes: 100 }),
      link,
    })[0].expectedBytes;
  assert.equal(at(0.1) - at(0), 100 * (4_100_000 + 1_048_576));
  // A relay reads on until the kernel takes no more on its other side either.
  assert.equal(at(0.1, LINK) - at(0, LINK), 100 * (2 * 4_100_000 + 262_144 + 1_048_576));
});

test('one address of a target holds 25,000 connections and no more', () => {
  const at = (connections: number) => plan({ target: TARGET, scenario: scenario('steady', { connections }) });
  const [run] = at(TARGET_CONNECTIONS);
  assert.ok(run.subject.kind === 'target');
  assert.deepEqual(run.subject.endpoint, { host: '::1', port: 9_000 });
  assert.throws(() => at(TARGET_CONNECTIONS + 1), refused(/25001/, /--connections 25000/));
});

test('streams that share connections are bounded by those, not by their own number', () => {
  const shared = scenario('steady', { streamsPerConnection: 100, connections: TARGET_CONNECTIONS + 1 });
  const target = { ...TARGET, protocol: 'sse-h2' } as const;
  assert.equal(plan({ target, scenario: shared })[0].subject.kind, 'target');
  const alone = { ...shared, streamsPerConnection: 1 };
  assert.throws(() => plan({ target, scenario: alone }), refused(/25001/, /--connections 25000/));
  const restarted = scenario('rolling-restart', { connections: 20_000, streamsPerConnection: 100 });
  const stages = [{ stage: 'grpc', variant: 'server-stream' }];
  assert.ok(nodesOf(plan({ stages, scenario: restarted })[0]).length >= 2);
  assert.throws(
    () => plan({ stages, scenario: { ...restarted, streamsPerConnection: 1 } }),
    refused(/a process here holds 19500/, /--connections 19500/),
  );
});

test('the article runs every variant of the stage, whichever was named, and each once', () => {
  const stages = ['raw', 'shared'].map((variant) => ({ stage: 'sse', variant }));
  const runs = plan({ stages, scenario: scenario('article-sse') });
  assert.deepEqual(runs.map(variantOf), ['blocking', 'cancellable', 'pooled', 'shared', 'raw']);
});

test('a window of polls at an interval holds three of them, in the table of the article too', () => {
  const stages = [{ stage: 'poll', variant: 'conditional' }];
  const table = { ...scenario('article-poll'), pollIntervalMs: 10_000 };
  const runs = plan({ stages, scenario: table });
  const windowOf = (name: string) => runs.find((run) => variantOf(run) === name)?.scenario.durationMs;
  assert.deepEqual([windowOf('short'), windowOf('long')], [30_000, table.durationMs]);
});

test('runs of several stages take turns in balanced order, alike in each turn, and each turn with a seed of its own', () => {
  const stages = ['raw', 'shared'].map((variant) => ({ stage: 'sse', variant }));
  const runs = plan({ stages, runs: 3 });
  assert.deepEqual(runs.map(variantOf), ['raw', 'shared', 'shared', 'raw', 'shared', 'raw']);
  assert.deepEqual(
    runs.map(({ order, of, seed }) => [order, of, seed]),
    [0, 1, 2, 3, 4, 5].map((order) => [order, 6, 42 + Math.floor(order / 2)]),
  );
  assert.equal(new Set(runs.map(({ run }) => run)).size, 6);
});

test('a plan lasts as long as its parts', () => {
  const load = scenario('steady', {
    connections: 1_000,
    connectPerSecond: 500,
    memoryLevels: 0,
    profile: 'none',
  });
  const base = expectedDurationMs({ ...load, procedure: 'idle' });
  assert.equal(expectedDurationMs({ ...load, connections: 1_500 }) - expectedDurationMs(load), 1_000);
  assert.equal(expectedDurationMs(load) - base, load.warmupMs + load.durationMs + 3_200);
  assert.equal(
    expectedDurationMs({ ...load, profile: 'cpu' }) - expectedDurationMs(load),
    load.profileMs + 1_000,
  );
  assert.ok(expectedDurationMs({ ...load, memoryLevels: 5 }) > expectedDurationMs(load));
  const search = expectedDurationMs({ ...load, procedure: 'ceiling' });
  assert.ok(search > base && expectedDurationMs({ ...load, procedure: 'article-sse' }) > search);
  const capped = expectedDurationMs({ ...load, procedure: 'ceiling' }, 7);
  assert.equal(search - capped, 2 * (load.durationMs + 1_500));
});

test('a plan is described by its load, its processes and what it takes', () => {
  const [first, second] = plan({ runs: 2 });
  const lines = describePlans([second]);
  assert.match(lines[0], /^Plan \(run 2 of 2\): sse:raw \(tuned\), scenario steady$/);
  assert.match(
    lines[1],
    /5,000 connections in 100 rooms of 50, 400 publishes\/s = 20,000 deliveries\/s, 256 B/,
  );
  assert.match(lines[2], /1 server node on 2 addresses, 1 load worker, 24 probe connections, 1 publisher/);
  assert.match(lines[3], /about \d+ s and 0\.\d GB/);
  assert.equal(describePlans([first]).length, lines.length);
});

for (const [name, load] of [
  ['idle', /5,000 connections, nothing published$/],
  ['broadcast', /in 1 room of 5,000, 4 publishes/],
  ['ceiling', /rate by search$/],
] as const) {
  test(`the load of ${name} is described`, () => {
    assert.match(describePlans(plan({ scenario: scenario(name) }))[1], load);
  });
}

test('a target is described by its address', () => {
  const lines = describePlans(plan({ target: TARGET }));
  assert.match(lines[0], /^Plan: http:\/\/\[::1\]:9000, scenario steady$/);
  assert.match(lines[2], /your server, 1 load worker/);
});

for (const [tokens, runs, line] of [
  [500, 1, /^ {2}tokens {5}500 for 5,000 clients: each is used by several$/],
  [500, 5, /^ {2}tokens {5}500 for 5,000 clients: each is used by several$/],
  [5_000, 1, null],
  [0, 1, null],
] as const) {
  test(`${tokens} tokens for 5,000 clients of ${runs} runs are ${line === null ? 'not ' : ''}told`, () => {
    const lines = describePlans(plan({ target: { ...TARGET, tokens }, runs }));
    const told = lines.filter((text) => /tokens/.test(text));
    assert.equal(told.length, line === null ? 0 : 1);
    if (line !== null) assert.match(told[0], line);
  });
}

test('a comparison runs every stage alike in balanced turns, memory and profile once, then a capped search for each', () => {
  const stages = ['raw', 'shared'].map((variant) => ({ stage: 'sse', variant }));
  const compare = { ...scenario('steady'), name: 'compare', procedure: 'compare' } as const;
  const runs = plan({ stages, runs: 3, scenario: compare });
  assert.deepEqual(
    runs.map((run) => `${variantOf(run)} ${run.scenario.procedure}`),
    [
      ...['raw load', 'shared load', 'shared load', 'raw load', 'shared load', 'raw load'],
      ...['raw ceiling', 'shared ceiling'],
    ],
  );
  assert.deepEqual(
    runs.map((run) => run.scenario.memoryLevels > 1 && run.scenario.profile === 'cpu'),
    [true, true, false, false, false, false, false, false],
  );
  assert.ok(runs.every((run) => run.scenario.name === 'compare'));
  assert.deepEqual(
    runs.map(({ searchSteps }) => searchSteps !== null),
    runs.map(({ scenario: { procedure } }) => procedure === 'ceiling'),
  );
});

test('a sweep runs every subject at every value', () => {
  const sweep = { key: 'connections', values: [10, 1_000] } as const;
  const runs = plan({ sweep, scenario: scenario('steady', { rooms: 100, probes: 24 }) });
  assert.deepEqual(
    runs.map((run) => [run.sweep?.value, run.scenario.connections, run.streams]),
    [
      [10, 10, 10],
      [1_000, 1_000, 100],
    ],
  );
});

test('the runs of a sweep over the limit of flow control are told apart in the plan', () => {
  const sweep = { key: 'flowMessages', values: [1_024, 2_048] } as const;
  const lines = describePlans(plan({ sweep, scenario: scenario('steady') })).join('\n');
  assert.match(lines, /limit 1,024 messages, .*limit 2,048 messages, /s);
});

test('a node can only be killed where another is left', () => {
  const failing = scenario('steady', { fault: 'kill-node', nodes: 1 });
  assert.throws(() => plan({ scenario: failing }), refused(/nodes 1/, /--nodes 2/));
  assert.equal(nodesOf(plan({ scenario: { ...failing, nodes: 3 } })[0]).length, 3);
});

for (const [connections, nodes, planned] of [
  [19_500, 2, 2],
  [19_501, 2, 3],
  [39_000, 2, 3],
  [39_000, 4, 4],
] as const) {
  test(`of ${planned} nodes, those left by a killed one hold ${connections} connections`, () => {
    const [run] = plan({ scenario: scenario('steady', { connections, nodes, fault: 'kill-node' }) });
    const all = nodesOf(run);
    assert.equal(all.length, planned);
    const perNode = connections / (planned - 1);
    assert.ok(perNode <= 19_500);
    for (const { listen } of all) assert.ok(perNode / listen.length <= 2_500);
  });
}

test("an article's table is made of its own stage only", () => {
  const table = scenario('steady', { name: 'article-poll', procedure: 'article-poll' });
  assert.throws(() => plan({ scenario: table }), refused(/article-poll/, /--stage poll/));
  const stages = [{ stage: 'ws-cluster', variant: 'embedded' }];
  const jitter = scenario('steady', { name: 'article-ws', procedure: 'article-ws' });
  assert.throws(() => plan({ stages, scenario: jitter }), refused(/article-ws/, /--stage ws /));
});

test('many runs are described in a line each', () => {
  const lines = describePlans(plan({ runs: 5 }));
  assert.equal(lines.length, 7);
  assert.match(lines[0], /5 runs, scenario steady/);
  assert.match(lines[6], /in all/);
});

test('a comparison is not swept', () => {
  const compare = { ...scenario('steady'), name: 'compare', procedure: 'compare' } as const;
  const sweep = { key: 'connections', values: [10, 100] } as const;
  assert.throws(() => plan({ sweep, scenario: compare }), /--sweep/);
});

const LINK = { rttMs: 80, jitterMs: 20 };

test('a link is planned with a process that holds both sides of each connection, and told', () => {
  const [relayed] = plan({ link: LINK });
  const [direct] = plan();
  assert.deepEqual(relayed.link, { spec: LINK, processes: 1, relaysPerEndpoint: 1 });
  assert.ok(relayed.expectedBytes > direct.expectedBytes);
  assert.match(
    describePlans([relayed]).join('\n'),
    /round trip 80 ± 20 ms .*loss is not emulated[\s\S]*1 relay/,
  );
  assert.doesNotMatch(describePlans([direct]).join('\n'), /relay|loss/);
});

test('streams that share connections need a relay for the connections only', () => {
  const stages = [{ stage: 'grpc', variant: 'server-stream' }];
  const shared = scenario('steady', { connections: 30_000, streamsPerConnection: 100 });
  assert.equal(plan({ link: LINK, stages, scenario: shared })[0].link?.processes, 1);
});

for (const [what, over, message] of [
  [
    'etcd',
    {
      stages: [{ stage: 'grpc', variant: 'server-stream' }],
      discovery: { kind: 'etcd', etcdUrl: null, balance: 'round_robin' },
    },
    /--link: --discovery etcd lists the addresses/,
  ],
  [
    'a rolling restart',
    { stages: [{ stage: 'grpc', variant: 'server-stream' }], scenario: scenario('rolling-restart') },
    /--link: scenario rolling-restart tells clients the addresses/,
  ],
] as const satisfies readonly (readonly [string, Partial<Settings>, RegExp])[]) {
  test(`a link does not go together with ${what}`, () => {
    plan(over);
    assert.throws(() => plan({ ...over, link: LINK }), refused(message, /Leave --link out, or give/));
  });
}
