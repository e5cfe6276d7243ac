import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { PROC_FIXTURE } from '../runners/samplers/procFixture.ts';
import { childrenOf } from './endToEndBench.ts';
import { assertSaid, codesOf, runArranged } from './validityRun.ts';

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

/** What begins when the window is told, half a second after its start or later on a busy machine, is well within it. */
const LONGER = { durationMs: 2_000 } as const;

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
      workload: LONGER,
      onPhase: {
        measure: () => {
          host.change('vmstat', /pswpout \d+/, 'pswpout 999999');
          // The eighth number is steal, in ticks.
          host.change('stat', /^(cpu +(?:\d+ ){7})\d+/, '$199999');
        },
      },
    });
    assertSaid(run, 'swapping', 'steal');
    assert.equal(run.validity.verdict, 'INVALID');
  });

  test('work of others, and a generator that waits for a core at each wake-up because of it', async () => {
    const run = await runArranged({
      // Burning takes less than half of it: the median, of which the wait may be a tenth, stays that of a quiet machine.
      workload: LONGER,
      onPhase: {
        measure: () => {
          // What is favoured less than the others waits for its core at each wake-up.
          for (const { pid, command } of childrenOf(process.pid))
            if (command.includes('loadWorker') || command.includes('publisher')) setPriority(pid, 10);
          burnBeside(0.8);
        },
      },
    });
    assertSaid(run, 'othersBusy', 'runDelay');
  });

  test('a generator that gets no core for long', async () => {
    const run = await runArranged({
      workload: LONGER,
      onPhase: {
        measure: () => {
          // As little favoured as can be: what used little of a core would be let run soon.
          for (const { pid, command } of childrenOf(process.pid))
            if (command.includes('loadWorker')) setPriority(pid, 19);
          burnBeside(1.3);
        },
      },
    });
    assertSaid(run, 'generatorStarved');
  });
});

/** Four processes for each core that work for so long, and are nobody's children. */
function burnBeside(seconds: number): void {
  const script = 'for i in $(seq "$1"); do timeout "$2" sh -c "while :; do :; done" & done';
  spawnSync('sh', ['-c', script, 'sh', String(4 * availableParallelism()), String(seconds)], {
    stdio: 'ignore',
  });
}
