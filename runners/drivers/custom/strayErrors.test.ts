import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const CLIENTS = fileURLToPath(new URL('./testing/strayClients.ts', import.meta.url));

function clientsThatThrowIn(way: string) {
  return spawnSync(process.execPath, [CLIENTS, way], { encoding: 'utf8', timeout: 30_000 });
}

describe('what a driver of the user throws where nobody catches it', () => {
  for (const [way, reason, detail] of [
    ['timer', 'other', 'thrown in timer'],
    ['promise', 'other', 'thrown in promise'],
    ['socket', 'other', 'thrown in socket'],
    ['error event', 'other', 'thrown in error event'],
    // It had ended before that, for another reason.
    ['abort', 'timeout', 'not subscribed within 20 ms'],
  ]) {
    it(`ends its own client and no other: ${way}`, () => {
      const { status, stdout, stderr } = clientsThatThrowIn(way);
      assert.deepEqual([status, stderr], [0, '']);
      assert.deepEqual(JSON.parse(stdout), [
        [0, { reason, detail, retryable: true }],
        [1, { reason: 'closed-by-client', detail: 'closed by the client', retryable: true }],
      ]);
    });
  }

  it('ends the process where it belongs to no client', () => {
    const { status, stderr } = clientsThatThrowIn('module');
    assert.notEqual(status, 0);
    assert.match(stderr, /thrown in module/);
  });
});
