import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../contract/result.ts';
import { plainNumbers } from '../numbers.ts';
import { comparisonRuns } from '../testing/sampleComparison.ts';
import { sampleResult } from '../testing/sampleResult.ts';
import { sampleRun } from '../testing/sampleRun.ts';
import { compareSources } from './comparison.ts';
import { comparisonHeadline } from './comparisonHeadline.ts';
import { meaning } from './meaning.ts';

const compared = (runs: readonly Run[]) =>
  compareSources([{ name: '', result: sampleResult({ runs: [...runs] }) }]);
const said = (runs: readonly Run[]) =>
  meaning(compared(runs).groups).map((statement) => ({ ...statement, text: plainNumbers(statement.text) }));

/** Runs of a server whose CPU per delivery is as given, and whose other figures are those of any sample. */
function withCpu(variant: string, values: readonly number[], over: Partial<Run> = {}): Run[] {
  const { cpu, deliveries } = sampleRun();
  const perSecond = deliveries?.perSecond ?? 0;
  return values.map((usPerDelivery) => {
    const server = {
      ...cpu.server,
      usPerDelivery,
      userShare: (usPerDelivery * perSecond) / 1e6,
      systemShare: 0,
    };
    return sampleRun({ variant, cpu: { ...cpu, server }, ...over });
  });
}

const aboutCpu = (runs: readonly Run[]) => said(runs).filter(({ text }) => text.includes('CPU per delivery'));

test('a claim needs intervals that share no point', () => {
  const [statement] = aboutCpu([...withCpu('shared', [12, 12.1, 12.2]), ...withCpu('raw', [8, 8.1, 8.2])]);
  assert.equal(statement?.kind, 'wins');
  assert.equal(
    statement?.text,
    'sse:raw spends the least CPU: CPU per delivery 8.1 µs (8 to 8.2 µs); sse:shared 12.1 µs (12 to 12.2 µs) comes next, 49 % more.',
  );
  assert.equal(statement?.command, null);
});

test('overlapping intervals claim nothing, and print the command that would settle it', () => {
  const [statement] = aboutCpu([...withCpu('shared', [8, 9, 10]), ...withCpu('raw', [9.5, 11, 12])]);
  assert.equal(statement?.kind, 'ties');
  assert.match(statement?.text ?? '', /^sse:shared and sse:raw cannot be told apart by CPU per delivery/);
  assert.equal(
    statement?.command,
    'npx bench run --stage sse:shared,sse:raw --scenario steady --connections 5000 --rooms 100 --rate 400 --payload 256 --runs 10',
  );
});

test('medians within 2 % are a tie that no more runs are worth', () => {
  const [statement] = aboutCpu([...withCpu('shared', [9, 10, 11]), ...withCpu('raw', [9, 10.1, 11])]);
  assert.equal(statement?.kind, 'ties');
  assert.match(statement?.text ?? '', /are equal by CPU per delivery/);
  assert.equal(statement?.command, null);
});

test('a third server that lies behind two that tie is said to', () => {
  const [statement] = aboutCpu([
    ...withCpu('shared', [8, 9, 10]),
    ...withCpu('raw', [9, 10, 11]),
    ...withCpu('blocking', [40, 41, 42]),
  ]);
  assert.match(statement?.text ?? '', /; the next, sse:blocking 41 µs .* lies behind them\.$/);
});

test('a slope lost in noise ties with nothing for good', () => {
  const { memory } = sampleRun();
  const withMemory = (variant: string, values: readonly number[]) =>
    values.map((rssPerConnectionBytes) =>
      sampleRun({ variant, memory: { ...memory, server: { ...memory.server, rssPerConnectionBytes } } }),
    );
  const runs = [...withMemory('shared', [-2_000, 4_000]), ...withMemory('raw', [-3_000, 6_000])];
  const statement = said(runs).find(({ text }) => text.includes('memory per connection'));
  assert.match(statement?.text ?? '', /cannot be told apart/);
  assert.match(
    statement?.command ?? '',
    /--stage sse:shared,sse:raw --scenario idle --connections 5000 --runs 10/,
  );
});

test('a ceiling at which only the generator was late is a lower bound, and beaten by nobody', () => {
  const [sse, ws] = comparisonRuns().filter(({ ceiling }) => ceiling);
  assert.ok(sse?.ceiling && ws?.ceiling);
  const steps = sse.ceiling.steps.map((step) => (step.passed ? step : { ...step, latencyUs: 50_000 }));
  const late = { ...sse, ceiling: { ...sse.ceiling, steps } };
  const about = (runs: readonly Run[]) =>
    said(runs).find(({ text }) => text.includes('ceiling 92 k/s') || text.includes('by ceiling'));
  assert.equal(about([sse, ws])?.kind, 'wins');
  const statement = about([late, ws]);
  assert.equal(statement?.kind, 'ties');
  assert.match(statement?.text ?? '', /sse:shared 61 k\/s \(55\.5 k\/s or more\)/);
  assert.match(statement?.command ?? '', /--scenario ceiling .*--runs 10/);
});

test('single runs claim nothing, however far apart they lie', () => {
  const [statement] = aboutCpu([...withCpu('shared', [100]), ...withCpu('raw', [1])]);
  assert.equal(statement?.kind, 'open');
  assert.match(statement?.command ?? '', /--runs 10$/);
});

const invalidReason = {
  code: 'generatorStalled',
  verdict: 'INVALID' as const,
  families: ['throughput' as const],
  message: 'a worker stood still',
  advice: 'Close what else runs.',
  figure: 900,
  bound: 100,
  unit: 'ms',
};

test('figures of an INVALID family take part in no claim', () => {
  const invalid = { verdict: 'INVALID' as const, reasons: [invalidReason] };
  const statements = aboutCpu([
    ...withCpu('shared', [12, 12.1, 12.2]),
    ...withCpu('raw', [8, 8.1, 8.2], { validity: invalid }),
  ]);
  assert.deepEqual(
    statements.map(({ kind }) => kind),
    ['leftOut'],
  );
  assert.match(statements[0]?.text ?? '', /sse:raw is left out .* throughput .* is INVALID/);
});

test('an INVALID run among others is left out, and the rest still speaks', () => {
  const invalid = { verdict: 'INVALID' as const, reasons: [invalidReason] };
  const [statement] = aboutCpu([
    ...withCpu('shared', [12, 12.1, 12.2]),
    ...withCpu('raw', [8, 8.1]),
    ...withCpu('raw', [90], { validity: invalid }),
  ]);
  assert.equal(statement?.kind, 'wins');
  assert.match(statement?.text ?? '', /sse:raw .* 8\.05 µs \(8 to 8\.1 µs\)/);
});

test('a server of which no rate kept the objective is said to have no ceiling', () => {
  const without = (run: Run): Run =>
    run.ceiling && run.stage === 'sse'
      ? { ...run, ceiling: { ...run.ceiling, ratePerSecond: null, deliveriesPerSecond: null } }
      : run;
  const about = (runs: readonly Run[]) => said(runs).filter(({ text }) => text.includes('sse:shared has no'));
  assert.deepEqual(about(comparisonRuns()), []);
  const [statement, ...more] = about(comparisonRuns().map(without));
  assert.equal(statement?.kind, 'leftOut');
  assert.equal(
    statement?.text,
    'sse:shared has no ceiling, and takes no part in that comparison: no rate that was tried kept the objective.',
  );
  assert.deepEqual(more, []);
});

test('a server that lost too much for its p99 is said to have none, unless the generator was the limit', () => {
  const lossy = (over: Partial<Run>) =>
    comparisonRuns().map((run): Run => {
      if (run.stage !== 'sse' || run.latencyUs === null) return run;
      const delivery = { ...run.latencyUs.delivery, p99: null };
      return { ...run, latencyUs: { ...run.latencyUs, delivery }, ...over };
    });
  const about = (runs: readonly Run[]) =>
    said(runs).flatMap(({ kind, text }) => (kind === 'leftOut' && text.includes('p99') ? text : []));
  assert.deepEqual(about(comparisonRuns()), []);
  assert.match(about(lossy({})).join(), /^sse:shared has no p99, and takes no part .* more were lost/);
  const reasons = [{ ...invalidReason, families: ['latency' as const] }];
  assert.match(
    about(lossy({ validity: { verdict: 'INVALID', reasons } })).join(),
    /^sse:shared is left out of the comparison by p99: the latency of every run is INVALID/,
  );
});

test('polling is compared by nothing that its interval decides, and says so', () => {
  const statements = said(comparisonRuns());
  const latency = statements.find(({ text }) => text.includes('delivers soonest'));
  assert.doesNotMatch(latency?.text ?? '', /poll/);
  const texts = statements.map(({ text }) => text).join('\n');
  assert.match(texts, /poll:conditional 1 s at an interval of 2 s, seen p50 1\.0\d s/);
  assert.match(texts, /so were overtaken 75 % of the deliveries of poll:conditional/);
  const cpu = statements.find(({ text }) => text.includes('CPU per delivery'));
  assert.doesNotMatch(cpu?.text ?? '', /poll/);
  assert.match(texts, /62 % of the polls of poll:conditional found nothing new at 8 messages/);
  assert.match(texts, /closed loop.*13\.4 k\/s polls\. That is no ceiling/);
});

test('a bus, the harness’s fan-out and unequal effort are said', () => {
  const texts = said(comparisonRuns())
    .map(({ text }) => text)
    .join('\n');
  assert.match(texts, /The fan-out of ws-cluster:embedded went over a bus/);
  assert.match(texts, /for yours, run with --target\.$/);
  const plan = { ...sampleRun().plan, serverNodes: 6 };
  const unequal = said([
    ...withCpu('raw', [1, 2, 3], { tag: 'tuned', plan }),
    ...withCpu('prepared', [1, 2, 3], { stage: 'ws' }),
  ]);
  assert.ok(unequal.some(({ text }) => text.includes('the harness’s: it posted each message to every node')));
  assert.ok(unequal.some(({ text }) => text.includes('sse:raw is tuned and ws:prepared is idiomatic')));
});

test('losses are named, with the server and the exact count', () => {
  const { deliveries } = sampleRun();
  assert.ok(deliveries);
  const runs = [
    ...withCpu('shared', [1, 2, 3]),
    ...withCpu('raw', [1, 2, 3], { deliveries: { ...deliveries, lost: 4, reordered: 1 } }),
  ];
  assert.ok(said(runs).some(({ text }) => text.includes('sse:raw 12 lost, 3 reordered')));
  assert.match(comparisonHeadline(compared(runs)), /; sse:raw 12 lost, 3 reordered$/);
});

test('the headline names the shared load, and what each winner wins', () => {
  assert.equal(
    plainNumbers(comparisonHeadline(compared(comparisonRuns()))),
    'At 20 k deliveries/s to 5,000 clients, ws:prepared carries most at its ceiling (92 k deliveries/s), delivers soonest (p99 3.77 ms), takes the least memory (9.57 KiB per connection) and spends the least CPU (9.24 µs per delivery); nothing was lost, duplicated or reordered',
  );
});
