// Measures two servers under one small load, says what came of it, and fails where a threshold does not hold.
// Start it with the Node that comes with pushbench: npx node example.ts
import { BenchError, compare, judgeThresholds, type RunOptions, run } from 'pushbench';

const options: RunOptions = {
  stages: ['sse', 'ws'],
  scenario: 'smoke',
  workload: { connections: 200, ratePerSecond: 100, warmupMs: '0s', durationMs: '1s' },
  thresholds: ['deliveries.lost == 0', 'latencyUs.delivery.p99 < 1s'],
  // The generator's own limit is measured once on a host; for a first look it can be left out.
  calibrate: 'never',
  directory: 'measured',
  onProgress: (event) => {
    if (event.kind === 'run') console.error(`run ${event.order + 1} of ${event.of}: ${event.stage}`);
  },
};

try {
  const result = await run(options);
  console.log(`${result.runs.length} runs, ${result.validity.verdict}`);
  for (const { stage, deliveries, latencyUs } of result.runs) {
    console.log(`${stage}: ${deliveries?.lost} lost, p50 ${latencyUs?.delivery.p50} us`);
  }
  console.log((await compare([result])).headline);
  const outcomes = await judgeThresholds(result);
  for (const { text, passed, worst } of outcomes) {
    console.log(`${passed ? 'holds' : 'does not hold'}: ${text} (worst ${worst})`);
  }
  if (outcomes.some(({ passed }) => !passed)) process.exitCode = 4;
} catch (error) {
  if (!(error instanceof BenchError)) throw error;
  console.error(`${error.message}\n${error.hint}`);
  process.exitCode = error.exitCode;
}
