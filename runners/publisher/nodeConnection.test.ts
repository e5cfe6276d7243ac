import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { emptyEnvelope } from '../../contract/envelope.ts';
import { PLAIN_PUBLISHER, type PublisherStart } from '../../contract/publisherControl.ts';
import { NodeConnection } from './nodeConnection.ts';
import { PayloadWriter } from './payload.ts';

const START: PublisherStart = {
  run: 5,
  streams: 1,
  payloadBytes: 64,
  urls: [],
  publishTo: 'any-node',
  batch: false,
  depth: 1,
  headers: {},
  topicHeader: true,
  ...PLAIN_PUBLISHER,
};

for (const [silentUs, failed] of [
  [5_000_000, [0, 1, 2]],
  // It may only be slow: what was not tried yet is not its failure.
  [4_999_999, [0]],
] as const) {
  test(`of three messages given up, ${failed.length} failed where a server owed an answer for ${silentUs} us`, async (t) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      t.after(() => socket.destroy());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    let atUs = 1_000;
    const outcomes: [number, string][] = [];
    const posted = Promise.withResolvers<void>();
    const connection = new NodeConnection(
      `http://127.0.0.1:${port}/publish`,
      START,
      new PayloadWriter(START.payloadBytes, START.run),
      {
        posted: () => posted.resolve(),
        answered: (index, outcome) => outcomes.push([index, outcome]),
        retried: () => assert.fail('there is no other node'),
        orphaned: () => false,
      },
      () => atUs,
    );
    t.after(() => connection.stop());
    for (const index of [0, 1, 2]) connection.enqueue({ ...emptyEnvelope(), index });
    connection.flush();
    await posted.promise;
    atUs += silentUs;
    connection.abandon('no answer');
    assert.deepEqual(
      outcomes.sort(([a], [b]) => a - b),
      failed.map((index) => [index, 'failed']),
    );
  });
}
