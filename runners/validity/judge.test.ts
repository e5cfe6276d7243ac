import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../contract/result.ts';
import { unsettledBy } from '../../reports/statistics/steadyState.ts';
import { sampleRun, suspectRun } from '../../reports/testing/sampleRun.ts';
import { samplePolling } from '../../reports/testing/sampleScenarios.ts';
import type { HostDifference } from '../samplers/hostDifference.ts';
import { INVALID_RULES, lagBoundUs } from './invalidRules.ts';
import { judgeAll, judgeRun } from './judge.ts';
import type { Judged } from './rule.ts';
import { SUSPECT_RULES } from './suspectRules.ts';

const QUIET_HOST: HostDifference = {
  seconds: 20,
  userCores: 0.6,
  systemCores: 0.2,
  softirqCores: 0.1,
  busyCores: 0.9,
  idleCores: 1.1,
  busyShare: 0.45,
  softirqShare: 0.05,
  stealShare: 0,
  usedBytes: 0,
  slabBytes: 0,
  sockMemBytes: 0,
  listenOverflows: 0,
  listenDrops: 0,
  swapInPages: 0,
  swapOutPages: 0,
  cpuPressureShare: 0,
  memoryPressureShare: 0,
  ioPressureShare: 0,
};

const RUN = sampleRun();

/** What is judged of a run in which nothing went wrong, with what should differ. */
function judged(over: Partial<Judged> = {}, run: Partial<Run> = {}): Judged {
  return {
    run: { ...RUN, ...run },
    host: QUIET_HOST,
    othersCores: 0.02,
    listenOverflows: 0,
    generatorCores: 0.4,
    generatorStalledUs: 0,
    generatorStarvedUs: 0,
    runDelayUs: 20,
    publisherLateUs: 100,
    linkLateUs: null,
    harnessCrashed: false,
    ...over,
  };
}

const onHost = (host: Partial<HostDifference>) => judged({ host: { ...QUIET_HOST, ...host } });
const published = (unsent: number) => judged({}, { publish: { ...RUN.publish!, unsent } });
const connected = (over: Partial<Run['connections']>) =>
  judged({}, { connections: { ...RUN.connections, ...over } });
const failing = (reason: string, count: number) =>
  connected({ failures: [{ reason, detail: reason, count }] });

/** Latencies in microseconds, all with 20,000 samples. */
function latencies(delivery: { p50?: number; p99?: number }, sendLagP99: number): Partial<Run> {
  const latencyUs = RUN.latencyUs!;
  return {
    latencyUs: {
      ...latencyUs,
      delivery: { ...latencyUs.delivery, ...delivery },
      sendLag: { ...latencyUs.sendLag, p99: sendLagP99 },
    },
  };
}

/** A publisher that kept none of its messages waiting for the server: all of the lag is its own. */
function late(us: number, delivery: { p99: number }, run: Partial<Run> = {}): Judged {
  return judged({ publisherLateUs: us }, { ...latencies(delivery, us), ...run });
}

function probed(agrees: boolean | null): Judged {
  return judged({}, { probe: { ...RUN.probe!, agrees, differenceUs: 1_001, boundUs: 1_000 } });
}

/** Halves with a p99 of 1,000 us and then of `second`, whose difference is known to within `reachUs`. */
function halves(second: number, reachUs = 100): Judged {
  const differenceUs = second - 1_000;
  return judged(
    {},
    {
      halves: { first: { p50: 500, p99: 1_000 }, second: { p50: 500, p99: second } },
      ...unsteady({
        p50: null,
        p99: { differenceUs, interval: { low: differenceUs - reachUs, high: differenceUs + reachUs } },
      }),
    },
  );
}

/** As it is assembled: the verdict follows from the figures. */
function unsteady(differences: NonNullable<Run['steadyState']>['halves']): Partial<Run> {
  const first = { p50: 500, p99: 1_000 };
  const isUnsettled = unsettledBy({ halves: differences, trend: null }, { first, second: first }).length > 0;
  return {
    steadyState: {
      verdict: isUnsettled ? 'no steady state' : 'steady',
      halves: differences,
      trend: null,
    },
  };
}

function polled(intervalMs: number, p99: number): Judged {
  const polling = samplePolling({ intervalMs });
  return judged({}, { polling: { ...polling, scheduleErrorUs: { ...polling.scheduleErrorUs, p99 } } });
}

function drained(drainBoundHit: boolean): Judged {
  return judged({}, { deliveries: { ...RUN.deliveries!, drainMs: 65_000, drainBoundHit } });
}

/** A search that found so much where the generator can take 480,000 a second, with so many writes per delivery. */
function found(deliveriesPerSecond: number, syscallsPerDelivery: number): Judged {
  const ceiling = {
    ratePerSecond: 100,
    deliveriesPerSecond,
    limitedBy: 'the server',
    sloUs: 100_000,
    sloQuantile: 0.99,
    steps: [],
  };
  return judged({}, { ceiling, io: { ...RUN.io, server: { ...RUN.io.server, syscallsPerDelivery } } });
}

const SPEAKING = { plan: { ...RUN.plan, publishVia: 'clients' } };
const fast = latencies({ p50: 400, p99: 5_000 }, 100);
const slow = latencies({ p50: 50_000, p99: 2_000_000 }, 100);

/** Each rule at its bound, where it says nothing, and just above it. */
const AT_AND_ABOVE: readonly (readonly [string, string, Judged, Judged])[] = [
  ['unsentMessages', 'none and one', published(0), published(1)],
  ['unsentConnections', 'none and one', connected({ unsent: 0 }), connected({ unsent: 1 })],
  ['sendLag', '1 ms where deliveries are fast', late(1_000, { p99: 5_000 }), late(1_001, { p99: 5_000 })],
  ['sendLag', 'a tenth of a slow delivery', late(5_000, { p99: 50_000 }), late(5_001, { p99: 50_000 })],
  [
    'sendLag',
    '2 ms where clients speak themselves',
    late(2_000, { p99: 5_000 }, SPEAKING),
    late(2_001, { p99: 5_000 }, SPEAKING),
  ],
  [
    'publishWait',
    'what a publisher may be late itself',
    judged({}, latencies({ p99: 50_000 }, 5_000)),
    judged({}, latencies({ p99: 50_000 }, 5_001)),
  ],
  [
    'sendLag',
    'more than half of the lag, which is more than it may be',
    judged({ publisherLateUs: 501 }, latencies({ p99: 5_000 }, 1_000)),
    judged({ publisherLateUs: 501 }, latencies({ p99: 5_000 }, 1_001)),
  ],
  ['pollSchedule', '5 ms where polls come fast', polled(50, 5_000), polled(50, 5_001)],
  ['pollSchedule', 'a twentieth of a long interval', polled(2_000, 100_000), polled(2_000, 100_001)],
  ['pollSchedule', 'a held request has no schedule', polled(0, 900_000), polled(200, 900_000)],
  [
    'generatorStalled',
    '100 ms where deliveries are fast',
    judged({ generatorStalledUs: 100_000 }, fast),
    judged({ generatorStalledUs: 100_001 }, fast),
  ],
  [
    'generatorStalled',
    'a tenth of a slow delivery',
    judged({ generatorStalledUs: 200_000 }, slow),
    judged({ generatorStalledUs: 200_001 }, slow),
  ],
  ['swapping', 'pages in', onHost({ swapInPages: 0 }), onHost({ swapInPages: 1 })],
  ['swapping', 'pages out', onHost({ swapOutPages: null }), onHost({ swapOutPages: 1 })],
  ['exhausted', 'open files', failing('reset', 9), failing('too-many-files', 1)],
  ['exhausted', 'ports', failing('too-many-files', 0), failing('no-ports', 1)],
  ['crashedRole', 'none and one', judged(), judged({ harnessCrashed: true })],
  ['generatorShare', '40 % of two cores', judged({ generatorCores: 0.8 }), judged({ generatorCores: 0.801 })],
  ['nearGeneratorCeiling', 'four fifths of it', found(384_000, 1), found(384_001, 1)],
  ['nearGeneratorCeiling', 'many messages in each write', found(470_000, 0.49), found(470_000, 0.5)],
  [
    'runDelay',
    '250 us where deliveries are fast',
    judged({ runDelayUs: 250 }, fast),
    judged({ runDelayUs: 251 }, fast),
  ],
  [
    'runDelay',
    'a tenth of a slow delivery',
    judged({ runDelayUs: 5_000 }, slow),
    judged({ runDelayUs: 5_001 }, slow),
  ],
  [
    'generatorStarved',
    '100 ms where deliveries are fast',
    judged({ generatorStarvedUs: 100_000 }, fast),
    judged({ generatorStarvedUs: 100_001 }, fast),
  ],
  [
    'linkLate',
    '1 ms where deliveries are fast',
    judged({ linkLateUs: 1_000 }, fast),
    judged({ linkLateUs: 1_001 }, fast),
  ],
  ['steal', '1 %', onHost({ stealShare: 0.01 }), onHost({ stealShare: 0.011 })],
  ['listenOverflows', 'none and one', judged({ listenOverflows: 0 }), judged({ listenOverflows: 1 })],
  ['othersBusy', 'a twentieth of a core', judged({ othersCores: 0.05 }), judged({ othersCores: 0.051 })],
  ['probeDisagrees', 'agreed and not', probed(true), probed(false)],
  ['notSteady', 'half a millisecond', halves(1_500), halves(1_501)],
  ['drainBound', 'reached and passed', drained(false), drained(true)],
];

for (const [code, bound, at, above] of AT_AND_ABOVE) {
  test(`${code} is silent at its bound and speaks above it: ${bound}`, () => {
    assert.deepEqual(judgeRun(at), { verdict: 'VALID', reasons: [] });
    const { verdict, reasons } = judgeRun(above);
    assert.deepEqual(
      reasons.map((reason) => reason.code),
      [code],
    );
    assert.equal(verdict, reasons[0].verdict);
    assert.ok(reasons[0].families.length > 0);
    assert.notEqual(reasons[0].message, '');
    assert.notEqual(reasons[0].advice, '');
    assert.ok(code === 'drainBound' || reasons[0].figure > reasons[0].bound);
  });
}

test('every rule is in the table', () => {
  const codes = new Set(AT_AND_ABOVE.map(([code]) => code));
  assert.equal(codes.size, INVALID_RULES.length + SUSPECT_RULES.length);
});

test('what was not measured is not held against a run', () => {
  const unknown = judged(
    { host: null, othersCores: null, listenOverflows: null, generatorCores: null, runDelayUs: null },
    { publish: null, latencyUs: null, deliveries: null, probe: null, halves: null },
  );
  assert.deepEqual(judgeRun(unknown), { verdict: 'VALID', reasons: [] });
  assert.equal(judgeRun(probed(null)).verdict, 'VALID');
});

test('a difference of the halves that may be none is steady, however large', () => {
  assert.equal(judgeRun(halves(5_000, 5_000)).verdict, 'VALID');
});

test('the bound of a lag is a tenth of what is measured, and never less than its floor', () => {
  assert.equal(lagBoundUs(null, 1_000), 1_000);
  assert.equal(lagBoundUs(10_000, 1_000), 1_000);
  assert.equal(lagBoundUs(10_010, 1_000), 1_001);
});

test('the verdict of a run is the worst of its reasons, and all reasons are kept', () => {
  const both = judgeRun(judged({ harnessCrashed: true, generatorCores: 1 }));
  assert.equal(both.verdict, 'INVALID');
  assert.deepEqual(
    both.reasons.map(({ code }) => code),
    ['crashedRole', 'generatorShare'],
  );
});

test('the verdict of an invocation is that of its worst run', () => {
  assert.deepEqual(judgeAll([]), { verdict: 'VALID', reasons: [] });
  const suspect = suspectRun();
  assert.deepEqual(judgeAll([RUN, suspect]), suspect.validity);
});
