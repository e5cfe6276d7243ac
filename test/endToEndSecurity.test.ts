import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { assertMeasured, SHORT, startRun, withFolder } from './endToEndBench.ts';
import { assertValidResult } from './endToEndSchema.ts';

/** Key material and tokens as they would look: a PEM block, a token's head in base64. */
const SECRETS = /-----BEGIN|Bearer |eyJ[\w-]{10,}\.eyJ/;

describe('protected runs', { concurrency: 2 }, () => {
  for (const [stage, flags] of [
    ['sse:shared', []],
    ['sse:raw', []],
    ['sse:h2', ['--streams-per-connection', '10']],
    ['ws:prepared', []],
    ['ws-cluster:embedded', []],
    ['poll:long', []],
    ['grpc:server-stream', ['--streams-per-connection', '10']],
  ] as const) {
    test(`nobody is refused and nothing lost under mtls-jwt: ${stage}`, () =>
      withFolder(async (folder) => {
        const args = [...SHORT, '--stage', stage, ...flags, '--security', 'mtls-jwt'];
        const run = startRun(folder, args);
        const ended = await run.ended;
        const result = await run.result();
        assertMeasured(ended, result);
        await assertValidResult(run.out);
        const [{ deliveries, connections, security }] = result.runs;
        assert.deepEqual([connections.established, connections.failed], [40, 0]);
        assert.deepEqual([deliveries?.lost, deliveries?.duplicated], [0, 0]);
        assert.deepEqual(
          [security.kind, security.tlsVersion, security.unauthenticated],
          ['mtls-jwt', 'TLSv1.3', []],
        );
        assert.doesNotMatch(await readFile(join(run.out, 'result.json'), 'utf8'), SECRETS);
        assert.doesNotMatch(ended.stdout + ended.stderr, SECRETS);
      }));
  }
});
