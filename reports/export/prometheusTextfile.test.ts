import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { METRICS } from '../../contract/metrics.ts';
import type { RunResult } from '../../contract/result.ts';
import { requireService } from '../../test/requireService.ts';
import { comparisonRuns } from '../testing/sampleComparison.ts';
import { sampleResult } from '../testing/sampleResult.ts';
import { sampleRun } from '../testing/sampleRun.ts';
import { prometheusName } from './prometheusName.ts';
import { prometheusTextfile } from './prometheusTextfile.ts';

const promtool = requireService('promtool');

for (const [path, name, factor] of [
  ['latencyUs.delivery.p99', 'pushbench_latency_delivery_p99_seconds', 1e-6],
  ['loop.delayP99Us', 'pushbench_loop_delay_p99_seconds', 1e-6],
  ['cpu.server.usPerDelivery', 'pushbench_cpu_server_seconds_per_delivery', 1e-6],
  ['fault.recoveredMs', 'pushbench_fault_recovered_seconds', 1e-3],
  ['fault.during.p99', 'pushbench_fault_during_p99_seconds', 1e-6],
  ['gc.pauseMsPerSecond', 'pushbench_gc_pause_seconds_per_second', 1e-3],
  ['memory.server.rssPerConnectionBytes', 'pushbench_memory_server_rss_per_connection_bytes', 1],
  ['roi.qpsPerMbRss', 'pushbench_roi_qps_per_byte_rss', 1e-6],
  ['loop.utilisation', 'pushbench_loop_utilisation_ratio', 1],
  ['deliveries.lost', 'pushbench_deliveries_lost', 1],
  ['polling.roundTripUs.p50', 'pushbench_polling_round_trip_p50_seconds', 1e-6],
] as const) {
  test(`${path} is ${name}`, () => {
    const metric = METRICS.find((one) => one.path === path);
    assert.ok(metric);
    assert.deepEqual(prometheusName(metric), { name, factor });
  });
}

test('every path has a name of its own', () => {
  const names = METRICS.map((metric) => prometheusName(metric).name);
  assert.equal(new Set(names).size, names.length);
});

function linesOf(result: RunResult, name: string): string[] {
  return prometheusTextfile(result)
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`));
}

test('each run that measured a figure has it, in base units, and others are left out', () => {
  const run = sampleRun();
  assert.ok(run.latencyUs !== null);
  const delivery = { ...run.latencyUs.delivery, p99: 1_234, p999: null };
  const result = sampleResult({
    labels: { team: 'edge', 'git.ref': 'a"b\\c\nd', stage: 'mine', '9': 'x' },
    runs: [{ ...run, latencyUs: { ...run.latencyUs, delivery } }],
  });
  assert.deepEqual(linesOf(result, 'pushbench_latency_delivery_p99_seconds'), [
    'pushbench_latency_delivery_p99_seconds{stage="sse",variant="shared",scenario="steady",server="sse:shared",run="0",' +
      'label_9="x",team="edge",git_ref="a\\"b\\\\c\\nd",label_stage="mine"} 0.001234',
  ]);
  assert.deepEqual(linesOf(result, 'pushbench_latency_delivery_p999_seconds'), []);
  assert.doesNotMatch(prometheusTextfile(result), /pushbench_polling|delivery_p999|NaN|null/);
});

test('verdicts and thresholds stand beside the figures', () => {
  const thresholds = [{ text: 'deliveries.lost > 0', path: 'deliveries.lost', comparator: '>', bound: 0 }];
  const result = sampleResult({ config: { thresholds } });
  assert.deepEqual(linesOf(result, 'pushbench_threshold_holds'), [
    'pushbench_threshold_holds{threshold="deliveries.lost > 0"} 0',
  ]);
  assert.match(linesOf(result, 'pushbench_validity')[0], /family="latency",verdict="VALID"\} 1$/);
});

test('what a value means is told in its own unit', () => {
  const help = prometheusTextfile(everything())
    .split('\n')
    .filter((line) => line.startsWith('# HELP'));
  assert.ok(
    help.includes(
      '# HELP pushbench_roi_slo_deliveries_per_byte_server deliveries/s inside the objective per byte of server',
    ),
  );
  assert.deepEqual(
    help.filter((line) => /\b(MB|megabytes?|milliseconds?|microseconds?)\b/.test(line)),
    [],
  );
});

test('promtool finds no fault in it', { skip: promtool.skip }, () => {
  const command = promtool.path ?? '';
  for (const result of [sampleResult(), sampleResult({ runs: comparisonRuns() }), everything()]) {
    const input = prometheusTextfile(result);
    const checked = spawnSync(command, ['check', 'metrics'], { input, encoding: 'utf8' });
    assert.equal(`${checked.stdout}${checked.stderr}`, '');
    assert.equal(checked.status, 0);
  }
});

/** A run that has a figure at every path: names that are seldom seen are checked too. */
function everything(): RunResult {
  const money = { currency: 'EUR', perMillionDeliveries: null, per100kConnectionMonth: null };
  const run: object = structuredClone(sampleRun({ roi: { ...sampleRun().roi, money } }));
  for (const { path } of METRICS) {
    const keys = path.split('.');
    let node = run;
    for (const key of keys.slice(0, -1)) {
      const child: unknown = Reflect.get(node, key);
      const next = typeof child === 'object' && child !== null ? child : {};
      Reflect.set(node, key, next);
      node = next;
    }
    Reflect.set(node, keys[keys.length - 1], 1_000);
  }
  const base = sampleRun();
  return sampleResult({ runs: [Object.assign(base, run)] });
}
