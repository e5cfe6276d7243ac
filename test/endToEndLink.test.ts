import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { assertMeasured, SHORT, startRun, withFolder } from './endToEndBench.ts';
import { assertValidResult } from './endToEndSchema.ts';

const LINK = { rttMs: 30, jitterMs: 10 };
/** The least that the way takes, one way. */
const SHORTEST_US = ((LINK.rttMs - LINK.jitterMs) / 2) * 1_000;
const OVER_LINK = ['--link', `rtt=${LINK.rttMs}ms,jitter=${LINK.jitterMs}ms`];

const CHURNING = 'connections that come and go';

describe('runs over a link', { concurrency: 2 }, () => {
  for (const [what, stage, more] of [
    [CHURNING, 'ws', ['--churn', '20']],
    [
      'streams that share protected connections',
      'sse:h2',
      ['--streams-per-connection', '10', '--security', 'mtls-jwt'],
    ],
  ] as const) {
    test(`every delivery comes, none before its time: ${what}`, () =>
      withFolder(async (folder) => {
        const run = startRun(folder, [...SHORT, '--stage', stage, ...OVER_LINK, ...more]);
        const ended = await run.ended;
        const result = await run.result();
        assertMeasured(ended, result);
        await assertValidResult(run.out);
        const [{ connections, deliveries, plan, latencyUs, handshakeUs, processes, cpu, probe }] =
          result.runs;
        assert.deepEqual(plan.link, LINK);
        assert.deepEqual([connections.established, connections.failed], [40, 0]);
        assert.deepEqual([deliveries?.duplicated, deliveries?.reordered], [0, 0]);
        // Who comes and goes loses what comes meanwhile.
        const churns = what === CHURNING;
        assert.equal(connections.churned > 0, churns);
        if (!churns) assert.equal(deliveries?.lost, 0);
        // An upper bound would be one on what else the machine does.
        assert.ok((latencyUs?.delivery.min ?? 0) >= SHORTEST_US, `${latencyUs?.delivery.min} us`);
        assert.ok((handshakeUs?.min ?? 0) >= 4 * SHORTEST_US, `${handshakeUs?.min} us`);
        assert.ok((probe?.p50Us ?? 0) >= SHORTEST_US, 'the probe goes over it as well');
        assert.equal(processes.filter(({ role }) => role === 'link').length, 1);
        // Of a machine so busy that nothing arrives inside the window there is no CPU per delivery.
        assert.ok((cpu.link?.userShare ?? 0) + (cpu.link?.systemShare ?? 0) > 0);
        const page = await readFile(join(run.out, 'report.html'), 'utf8');
        assert.match(page, /rtt=30±10ms/);
      }));
  }
});
