import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GateMetric, GateResult } from '../../contract/gate.ts';
import { seededRandom } from '../../contract/random.ts';
import type { Run, ValidityReason } from '../../contract/result.ts';
import { sampleRun } from '../testing/sampleRun.ts';
import { DEFAULT_TOLERANCES } from './gateMetrics.ts';
import { type GateInput, judgeGate } from './judge.ts';

const CPU = 'cpu.server.usPerDelivery';
const P99 = 'latencyUs.delivery.p99';
const MEMORY = 'memory.server.rssPerConnectionBytes';
const LOST = 'deliveries.lost';

/** What differs from a plausible run; figures that are not here are the same in all runs. */
interface Figures {
  readonly cpu?: number;
  readonly p99?: number | null;
  readonly lost?: number;
  readonly messages?: number;
  readonly memory?: number | null;
  readonly reasons?: readonly ValidityReason[];
  readonly status?: Run['status'];
}

const PLAIN = sampleRun();

function runWith({
  cpu = 12,
  p99 = 4_000,
  lost = 0,
  messages = 8_000,
  memory = 15_200,
  ...rest
}: Figures): Run {
  const { latencyUs, deliveries } = PLAIN;
  assert.ok(latencyUs && deliveries);
  return {
    ...PLAIN,
    status: rest.status ?? 'complete',
    cpu: { ...PLAIN.cpu, server: { ...PLAIN.cpu.server, usPerDelivery: cpu } },
    latencyUs: { ...latencyUs, delivery: { ...latencyUs.delivery, p99, messages } },
    deliveries: { ...deliveries, lost },
    memory: { ...PLAIN.memory, server: { ...PLAIN.memory.server, rssPerConnectionBytes: memory } },
    validity: { verdict: rest.reasons ? 'INVALID' : 'VALID', reasons: [...(rest.reasons ?? [])] },
  };
}

function runs(count: number, figures: (index: number) => Figures = () => ({})): Run[] {
  return Array.from({ length: count }, (_, i) => runWith(figures(i)));
}

/** CPU that scatters by 1 % either way, from a seed. */
function scattered(seed: number, factor = 1): (index: number) => Figures {
  const random = seededRandom(seed);
  return () => ({ cpu: 12 * factor * (0.99 + 0.02 * random()) });
}

function judge(over: Partial<GateInput>): ReturnType<typeof judgeGate> {
  const defaults = { tolerances: DEFAULT_TOLERANCES, asked: new Set<string>(), thresholds: [], unheld: [] };
  return judgeGate({ mode: 'blocks', base: runs(16), head: runs(16), ...defaults, ...over });
}

function row({ metrics }: Pick<GateResult, 'metrics'>, path: string): GateMetric {
  return metrics.find((metric) => metric.path === path) ?? assert.fail(`no row of ${path}`);
}

test('equal sides pass, and the first line says how little could have been seen', () => {
  const gate = judge({});
  assert.equal(gate.verdict, 'PASS');
  assert.match(gate.headline, /^PASS\. Smallest regression .* today: CPU per delivery 5.%, p99 10.%,/);
  assert.deepEqual(gate.excluded, []);
  const deciding = gate.metrics.filter(({ role }) => role === 'gate');
  assert.deepEqual(
    deciding.map(({ path }) => path),
    [...DEFAULT_TOLERANCES.keys()],
  );
  assert.ok(deciding.every(({ verdict, low, high }) => verdict === 'PASS' && low === 0 && high === 0));
});

test('20 % more CPU per delivery fails, first in the first line, and nothing else does', () => {
  const gate = judge({ base: runs(16, scattered(1)), head: runs(16, scattered(2, 1.2)) });
  const cpu = row(gate, CPU);
  assert.equal(gate.verdict, 'FAIL');
  assert.match(
    gate.headline,
    /^FAIL: CPU per delivery \+\d+(\.\d+)?.% \(.* to .*\), tolerance 5.%\. Smallest/,
  );
  assert.deepEqual(
    gate.metrics.filter(({ verdict }) => verdict === 'FAIL'),
    [cpu],
  );
  assert.ok(cpu.effect !== null && Math.abs(cpu.effect - 0.2) < 0.015);
  assert.equal(cpu.differences.length, 8);
  assert.equal(cpu.confidence, 1 - 10 / 256);
});

test('a change about as large as the tolerance is left open', () => {
  const gate = judge({ base: runs(16, scattered(1)), head: runs(16, scattered(2, 1.05)) });
  assert.equal(gate.verdict, 'INCONCLUSIVE');
  assert.match(
    gate.headline,
    /^INCONCLUSIVE: CPU per delivery .* cannot be told from its tolerance of 5.%\./,
  );
});

test('the tolerance is held as stated, however much the runs scatter', () => {
  const random = seededRandom(5);
  const wild = () => ({ cpu: 12 * (0.7 + 0.6 * random()) });
  const cpu = row(judge({ base: runs(16, wild), head: runs(16, wild) }), CPU);
  assert.equal(cpu.tolerance, 0.05);
  assert.equal(cpu.verdict, 'INCONCLUSIVE');
  assert.ok((cpu.smallestVisible ?? 0) > 0.15);
});

test('fewer than six blocks decide nothing', () => {
  const gate = judge({ base: runs(10), head: runs(10) });
  assert.equal(gate.verdict, 'INCONCLUSIVE');
  assert.match(row(gate, CPU).why, /^5 blocks were measured, and an interval of 95 % needs 6 blocks\./);
  assert.match(row(judge({ base: runs(2), head: runs(2) }), CPU).why, /^1 block was measured, /);
  assert.match(
    gate.headline,
    /^INCONCLUSIVE: deliveries lost, CPU per delivery, p99, .* and bytes on the wire could not be judged\./,
  );
});

const STALLED: ValidityReason = {
  code: 'generatorStalled',
  verdict: 'INVALID',
  families: ['latency', 'throughput'],
  message: 'a generator process stood still for 300 ms',
  advice: 'Free the machine.',
  figure: 300,
  bound: 100,
  unit: 'us',
};

test('a run in which the generator was the limit takes its block out of the figures it says nothing of', () => {
  const head = runs(16, (i) => (i === 5 ? { cpu: 99, reasons: [STALLED] } : {}));
  const gate = judge({ head });
  assert.deepEqual(gate.excluded, [
    { run: 'block 3, head run 2', families: ['latency', 'throughput'], why: STALLED.message },
  ]);
  assert.equal(row(gate, CPU).differences.length, 7);
  assert.equal(row(gate, MEMORY).differences.length, 8);
  assert.equal(gate.verdict, 'PASS');
  const three = judge({ head: runs(16, (i) => (i < 6 && i % 2 === 0 ? { reasons: [STALLED] } : {})) });
  assert.match(row(three, CPU).why, /^Only 5 of 8 blocks could be used/);
  const aborted = judge({ head: runs(16, (i) => (i === 0 ? { status: 'aborted' } : {})) });
  assert.deepEqual(aborted.excluded[0]?.families, ['latency', 'throughput', 'memory', 'deliveries']);
});

test('a percentile that head lost ranks worst: it fails, and an end of its interval has no number', () => {
  const all = judge({ head: runs(16, () => ({ p99: null })) });
  const p99 = row(all, P99);
  assert.deepEqual([p99.verdict, p99.effect, p99.low, p99.high], ['FAIL', null, null, null]);
  assert.match(p99.why, /not defined in 0 of 16 runs of base and in 16 of 16 of head/);
  assert.match(all.headline, /^FAIL: p99 not defined on head any more, tolerance 10.%\./);
  assert.equal(p99.smallestVisible, null);
  const once = row(judge({ head: runs(16, (i) => (i === 3 ? { p99: null } : {})) }), P99);
  assert.equal(once.verdict, 'INCONCLUSIVE');
  assert.equal(once.low, 0);
  assert.equal(once.high, null);
  assert.equal(once.smallestVisible, null);
  const better = judge({ base: runs(16, () => ({ p99: null })) });
  assert.equal(row(better, P99).verdict, 'PASS');
});

test('a percentile of too few messages never fails: by default it only informs, asked for it leaves the gate open', () => {
  const few = {
    base: runs(16, () => ({ messages: 100 })),
    head: runs(16, () => ({ messages: 100, p99: 9_000 })),
  };
  const byDefault = judge(few);
  assert.equal(row(byDefault, P99).role, 'info');
  assert.match(row(byDefault, P99).why, /needs 368 in each run, there were 100/);
  assert.equal(byDefault.verdict, 'PASS');
  assert.match(byDefault.headline, /Not decided on: p99\.$/);
  const asked = judge({ ...few, asked: new Set([P99]) });
  assert.match(asked.headline, /^INCONCLUSIVE: p99 could not be judged\./);
});

test('what was not measured only decides where it was asked for, or one side has it', () => {
  const none = { base: runs(16, () => ({ memory: null })), head: runs(16, () => ({ memory: null })) };
  const byDefault = judge(none);
  assert.equal(row(byDefault, MEMORY).role, 'info');
  assert.match(
    row(byDefault, MEMORY).why,
    /^It does not decide here\. Not measured on either side: .*--memory-levels/,
  );
  assert.match(byDefault.headline, /^PASS\. .* Not decided on: memory per connection\.$/);
  const asked = judge({ ...none, asked: new Set([MEMORY]) });
  assert.equal(asked.verdict, 'INCONCLUSIVE');
  const gone = row(judge({ head: none.head }), MEMORY);
  assert.equal(gone.verdict, 'INCONCLUSIVE');
  assert.match(gone.why, /^Measured on base only/);
});

test('a share of what is 0 in every run decides nothing by default, and leaves the gate open where it was asked for', () => {
  const path = 'io.server.syscallsPerDelivery';
  const none = runs(16).map((run) => ({ ...run, io: { ...run.io, server: { syscallsPerDelivery: 0 } } }));
  const byDefault = row(judge({ base: none, head: none }), path);
  assert.deepEqual([byDefault.role, byDefault.verdict], ['info', null]);
  assert.match(byDefault.why, /^It does not decide here\. It is 0 in all runs .* not `send` and `recv`\.$/);
  const asked = row(judge({ base: none, head: none, asked: new Set([path]) }), path);
  assert.deepEqual([asked.role, asked.verdict], ['gate', 'INCONCLUSIVE']);
  assert.match(asked.why, /^It is 0 in all runs/);
  assert.equal(row(judge({ base: none }), path).verdict, 'FAIL');
});

test('lost deliveries fail where they are many, and are not waved through where they are rare', () => {
  const many = row(judge({ head: runs(16, (i) => ({ lost: 3 + i })) }), LOST);
  assert.equal(many.verdict, 'FAIL');
  assert.equal(many.scale, 'count');
  // Of 8 blocks the interval reaches up to the one that lost; of 30 it does not, and only the count tells.
  const told = [8, 30].map((blocks) => {
    const head = runs(2 * blocks, (i) => (i === 7 ? { lost: 2 } : {}));
    return judge({ base: runs(2 * blocks), head });
  });
  assert.deepEqual(
    told.map((gate) => [row(gate, LOST).verdict, row(gate, LOST).high]),
    [
      ['INCONCLUSIVE', 0.5],
      ['INCONCLUSIVE', 0],
    ],
  );
  assert.match(
    told[0].headline,
    /^INCONCLUSIVE: deliveries lost 0 \(0 to \+0\.5\) cannot be told from its tolerance of 0\./,
  );
  assert.match(told[1].headline, /^INCONCLUSIVE: deliveries lost could not be judged\./);
  assert.match(row(told[1], LOST).why, /^0 in all runs of base, 2 in those of head/);
  const fewer = row(judge({ base: runs(16, () => ({ lost: 4 })) }), LOST);
  assert.equal(fewer.verdict, 'PASS');
});

test('a threshold that is missed fails the gate', () => {
  const threshold = { text: 'latencyUs.delivery.p99 < 1ms', passed: false, worst: 4_000, unit: 'us' };
  const gate = judge({ thresholds: [threshold] });
  assert.equal(gate.verdict, 'FAIL');
  assert.match(gate.headline, /^FAIL: threshold latencyUs\.delivery\.p99 < 1ms missed\./);
  assert.equal(judge({ thresholds: [{ ...threshold, passed: true }] }).verdict, 'PASS');
});

test('a threshold that no run could be held against leaves the gate open', () => {
  const gate = judge({ unheld: ['latencyUs.delivery.p99 < 1ms'] });
  assert.equal(gate.verdict, 'INCONCLUSIVE');
  assert.match(gate.headline, /^INCONCLUSIVE: threshold latencyUs\.delivery\.p99 < 1ms could not be held/);
});

test('a gate on which nothing decides is open', () => {
  const gate = judge({ tolerances: new Map() });
  assert.equal(gate.verdict, 'INCONCLUSIVE');
  assert.match(gate.headline, /^INCONCLUSIVE: nothing that decides was measured\./);
});

test('what decides by default and was switched off is told all the same', () => {
  const gate = judge({ tolerances: new Map([[P99, 0.1]]) });
  assert.deepEqual([row(gate, CPU).role, row(gate, CPU).tolerance], ['info', null]);
});

test('more of what is better passes, and less of it fails', () => {
  const path = 'deliveries.perSecond';
  const at = (perSecond: number) =>
    runs(16).map((run) => ({ ...run, deliveries: run.deliveries && { ...run.deliveries, perSecond } }));
  const tolerances = new Map([[path, 0.1]]);
  assert.equal(judge({ base: at(100), head: at(150), tolerances }).verdict, 'PASS');
  const less = judge({ base: at(100), head: at(85), tolerances });
  assert.equal(less.verdict, 'FAIL');
  assert.ok(Math.abs((row(less, path).effect ?? 0) + 0.15) < 1e-9);
});

test('stored runs are independent samples: four on each side decide, three do not', () => {
  const head = runs(5, scattered(2, 1.2));
  const gate = judge({ mode: 'stored', base: runs(5, scattered(1)), head });
  assert.equal(gate.verdict, 'FAIL');
  assert.deepEqual(row(gate, CPU).differences, []);
  assert.ok((row(gate, CPU).confidence ?? 0) >= 0.95);
  const stalled = runs(6, (i) => (i === 2 ? { reasons: [STALLED] } : {}));
  const without = judge({ mode: 'stored', base: stalled, head });
  assert.deepEqual(
    without.excluded.map(({ run }) => run),
    ['base run 3'],
  );
  assert.equal(row(without, CPU).confidence, row(gate, CPU).confidence, 'five and five are left');
  const few = judge({ mode: 'stored', base: runs(3), head });
  assert.equal(few.verdict, 'INCONCLUSIVE');
  assert.match(
    row(few, CPU).why,
    /^3 runs on a side were measured, and an interval of 95 % needs 4 runs on each side/,
  );
});

test('what informs is never judged', () => {
  const gate = judge({ head: runs(16, () => ({ cpu: 12 })).map((run) => ({ ...run, loop: null })) });
  const informing = gate.metrics.filter(({ role }) => role === 'info');
  assert.ok(informing.length > 8);
  assert.ok(
    informing.every(({ verdict, tolerance, smallestVisible }) =>
      [verdict, tolerance, smallestVisible].every((one) => one === null),
    ),
  );
  assert.ok(!informing.some(({ path }) => path.startsWith('loop.')), 'head has no event loop to compare');
});

test('no figure of a gate is infinite or no number', () => {
  const strange = (i: number): Figures => ({
    cpu: i % 3 === 0 ? 0 : 12,
    p99: i % 4 === 0 ? null : 4_000,
    memory: i % 5 ? -20 : null,
  });
  for (const mode of ['blocks', 'stored'] as const) {
    const gate = judge({ mode, base: runs(16, strange), head: runs(16, (i) => strange(i + 1)) });
    assert.deepEqual(JSON.parse(JSON.stringify(gate)), gate);
    for (const { verdict, role } of gate.metrics) assert.ok(role === 'info' || verdict !== null);
  }
});
