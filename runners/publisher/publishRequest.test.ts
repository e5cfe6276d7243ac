import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import { PUBLISH_FIELDS_GRPC } from '../../contract/grpc.ts';
import { publishRequest } from './publishRequest.ts';

const PROTO = fileURLToPath(new URL('../../servers/grpc/pushbench/v1/push.proto', import.meta.url));
const PublishRequest = protobuf.loadSync(PROTO).lookupType('pushbench.v1.PublishRequest');

for (const bytes of [1, 127, 128, 16_383, 16_384, 300_000]) {
  test(`${bytes} bytes of data are read as they were written`, () => {
    const { bytes: request, dataAt } = publishRequest(PUBLISH_FIELDS_GRPC, 't17', bytes);
    request.fill('x', dataAt);
    const { topic, data } = PublishRequest.toObject(PublishRequest.decode(request), { bytes: String });
    assert.equal(topic, 't17');
    assert.deepEqual(data, [Buffer.alloc(bytes, 'x').toString('base64')]);
  });
}

test('a request without a topic begins with its data; fields above 15 take two bytes', () => {
  const { bytes, dataAt } = publishRequest({ topic: null, data: 16 }, 't17', 2);
  assert.deepEqual([...bytes.subarray(0, dataAt)], [0x82, 0x01, 2]);
});
