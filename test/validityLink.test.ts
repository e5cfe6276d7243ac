import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { roleOf } from './endToEndBench.ts';
import { codesOf, runArranged } from './validityRun.ts';

/** What is on its way as the relay stands still is late: a sixth of the window's messages, by up to this. */
const STOPPED_MS = 300;

test('a relay that stands still adds more than the link, and the run says so', async () => {
  let going: Promise<void> = Promise.resolve();
  const run = await runArranged({
    link: { rttMs: 600, jitterMs: 0 },
    workload: { durationMs: 1_800 },
    onPhase: {
      measure: () => {
        const relay = roleOf(process.pid, 'link');
        process.kill(relay, 'SIGSTOP');
        going = delay(STOPPED_MS).then(() => {
          process.kill(relay, 'SIGCONT');
        });
      },
    },
  });
  await going;
  const codes = codesOf(run);
  for (const code of ['linkLate', 'generatorStalled'])
    assert.ok(codes.includes(code), `${code}: ${codes.join(', ')}`);
});
