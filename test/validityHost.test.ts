import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { PROC_FIXTURE } from '../runners/samplers/procFixture.ts';
import { childrenOf } from './endToEndBench.ts';
import { codesOf, runArranged } from './validityRun.ts';

/** A copy of the fixture of a host, whose files a test may change while a run goes on. */
function fixtureHost(): {
  root: string;
  change(file: string, pattern: RegExp, by: string): void;
} & Disposable {
  const root = mkdtempSync(join(tmpdir(), 'pushbench-host-'));
  cpSync(PROC_FIXTURE, root, { recursive: true });
  return {
    root,
    change(file, pattern, by) {
      const path = join(root, file);
      const text = readFileSync(path, 'latin1');
      assert.match(text, pattern);
      writeFileSync(path, text.replace(pattern, by));
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true }),
  };
}

/** What a process of the harness can only be found to have done, or a host to be, where something is wrong. */
const ONLY_BY_FAULT = [
  'unsentMessages',
  'unsentConnections',
  'swapping',
  'exhausted',
  'crashedRole',
  'steal',
  'listenOverflows',
  'drainBound',
];

describe('validity of the host', () => {
  test('a host that does nothing but this is not found to swap, to be robbed of time or to drop connections', async () => {
    using host = fixtureHost();
    const run = await runArranged({ hostRoot: host.root, workload: { probes: 2 } });
    assert.equal(run.status, 'complete');
    assert.deepEqual(
      codesOf(run).filter((code) => ONLY_BY_FAULT.includes(code)),
      [],
    );
  });

  test('swapping and steal, by a fixture: no test may make its host swap, and no guest can make it be robbed', async () => {
    using host = fixtureHost();
    const run = await runArranged({
      hostRoot: host.root,
      onPhase: {
        measure: () => {
          host.change('vmstat', /pswpout \d+/, 'pswpout 999999');
          // The eighth number is steal, in ticks.
          host.change('stat', /^(cpu +(?:\d+ ){7})\d+/, '$199999');
        },
      },
    });
    const codes = codesOf(run);
    assert.ok(codes.includes('swapping') && codes.includes('steal'), codes.join());
    assert.equal(run.validity.verdict, 'INVALID');
  });

  test('work of others, and a generator that waits for a core because of it', async () => {
    const run = await runArranged({
      workload: { durationMs: 2_500 },
      onPhase: {
        measure: () => {
          for (const { pid, command } of childrenOf(process.pid)) {
            // It would else be let run at once whenever it wakes up, as those are that use little of a core.
            if (command.includes('loadWorker')) setPriority(pid, 19);
          }
          burnBeside(0.7);
        },
      },
    });
    const codes = codesOf(run);
    for (const code of ['othersBusy', 'runDelay', 'generatorStarved'])
      assert.ok(codes.includes(code), codes.join());
  });
});

/** Two processes for each core that work for a while, and are nobody's children. */
function burnBeside(seconds: number): void {
  const script = 'for i in $(seq "$1"); do timeout "$2" sh -c "while :; do :; done" & done';
  const count = 2 * availableParallelism();
  spawnSync('sh', ['-c', script, 'sh', String(count), String(seconds)], { stdio: 'ignore' });
}
