import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { assertMeasured, SHORT, startRun, withFolder } from './endToEndBench.ts';
import { assertValidResult } from './endToEndSchema.ts';

/** Key material and tokens as they would look: a PEM block, a token's head in base64. */
const SECRETS = /-----BEGIN|Bearer |eyJ[\w-]{10,}\.eyJ/;

const PROTECTED = ['--scenario', 'steady', '--security', 'mtls-jwt'];
const SHARED = ['--streams-per-connection', '10'];

describe('protected runs', { concurrency: 4 }, () => {
  // Few stages in a run: runs wait side by side, and those of one command wait for each other.
  for (const [stages, flags] of [
    [['sse:shared', 'sse:h2'], SHARED],
    [['sse:raw', 'ws:prepared'], []],
    [['ws-cluster:embedded', 'poll:long'], []],
    [['grpc:server-stream'], SHARED],
  ] as const) {
    test(`nobody is refused and nothing lost under mtls-jwt: ${stages.join(', ')}`, () =>
      withFolder(async (folder) => {
        const run = startRun(folder, [...SHORT, '--stage', stages.join(','), ...PROTECTED, ...flags]);
        const ended = await run.ended;
        const result = await run.result();
        assertMeasured(ended, result);
        await assertValidResult(run.out);
        assert.deepEqual(
          result.runs.map(({ stage, variant }) => `${stage}:${variant}`),
          stages,
        );
        for (const { stage, deliveries, connections, security } of result.runs) {
          assert.deepEqual([connections.established, connections.failed], [40, 0], stage);
          assert.deepEqual([deliveries?.lost, deliveries?.duplicated], [0, 0], stage);
          assert.deepEqual(
            [security.kind, security.tlsVersion, security.unauthenticated],
            ['mtls-jwt', 'TLSv1.3', []],
            stage,
          );
        }
        for (const file of ['result.json', 'report.html', 'report.md'])
          assert.doesNotMatch(await readFile(join(run.out, file), 'utf8'), SECRETS, file);
        assert.doesNotMatch(ended.stdout + ended.stderr, SECRETS);
      }));
  }
});
