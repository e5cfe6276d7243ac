import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Fault } from '../contract/errors.ts';
import { readProtoMethods } from './protoMethod.ts';
import { hasFault, resolve } from './testing/resolving.ts';

const folder = await mkdtemp(join(tmpdir(), 'bench-proto-'));
after(() => rm(folder, { recursive: true }));

/** Somebody else's service, with all that may go wrong in one. */
await mkdir(join(folder, 'shared', 'types'), { recursive: true });
await writeFile(
  join(folder, 'shared', 'types', 'place.proto'),
  'syntax = "proto3"; package types; message Place { string name = 4; int64 after = 5; }',
);
await writeFile(
  join(folder, 'feed.proto'),
  `syntax = "proto3";
   package feed.v1;
   import "types/place.proto";
   import "google/protobuf/timestamp.proto";
   message WatchRequest { types.Place place = 2; string channel = 7; fixed64 since = 8; }
   message Update {
     google.protobuf.Timestamp at = 1;
     uint64 number = 2;
     oneof body { string text = 9; bytes raw = 10; }
     repeated string tags = 11;
     map<string, string> labels = 12;
   }
   message PostRequest { string channel = 1; repeated bytes bodies = 3; }
   message PostResponse {}
   service Feed {
     rpc Watch(WatchRequest) returns (stream Update);
     rpc Talk(stream WatchRequest) returns (stream Update);
     rpc Post(PostRequest) returns (PostResponse);
     rpc Upload(stream PostRequest) returns (PostResponse);
   }`,
);
await writeFile(join(folder, 'broken.proto'), 'syntax = "proto3"; message {');

const GRPC = { target: '127.0.0.1:50051', protocol: 'grpc' };
const FEED = { proto: 'feed.proto', protoPath: ['shared'] };
const WATCH = { ...FEED, method: 'feed.v1.Feed/Watch', dataField: 'text' };

async function read(flags: Record<string, unknown>) {
  const faults: Fault[] = [];
  const methods = await readProtoMethods({ flags, env: {} }, folder, faults);
  return { methods, faults: faults.map(({ key, expected }) => `${key}: ${expected}`) };
}

test('a method of somebody else is resolved to its path and the numbers of its fields', async () => {
  const { methods, faults } = await read({
    ...WATCH,
    topicField: 'place.name',
    idField: 'number',
    lastIdField: 'place.after',
  });
  assert.deepEqual(faults, []);
  assert.deepEqual(methods, {
    grpc: {
      kind: 'server-stream',
      path: '/feed.v1.Feed/Watch',
      topicField: [2, 4],
      lastIdField: [2, 5],
      dataField: 9,
      idField: 2,
      kindField: null,
      say: null,
    },
    publishCall: null,
  });
});

test('a bidirectional method begins with its request; publishing is a call of its own', async () => {
  const { methods } = await read({
    ...FEED,
    method: '/feed.v1.Feed/Talk',
    dataField: 'raw',
    topicField: 'channel',
    publishMethod: 'feed.v1.Feed.Post',
    publishField: 'bodies',
  });
  assert.equal(methods?.grpc.kind, 'bidi');
  assert.deepEqual([methods?.grpc.path, methods?.grpc.dataField], ['/feed.v1.Feed/Talk', 10]);
  assert.deepEqual(methods?.publishCall, { path: '/feed.v1.Feed/Post', fields: { topic: 1, data: 3 } });
});

const STREAMING = /feed\.v1\.Feed\/Watch, feed\.v1\.Feed\/Talk/;
for (const [name, flags, pattern] of [
  ['a file that is not there', { ...WATCH, proto: 'none.proto' }, /^--proto: a \.proto file.*ENOENT/],
  [
    'a file that cannot be parsed',
    { ...WATCH, proto: 'broken.proto' },
    /^--proto: a \.proto file.*broken\.proto/,
  ],
  ['an import that is not found', { ...WATCH, protoPath: [] }, /^--proto: .*--proto-path: .*place\.proto/],
  [
    'no method',
    { ...FEED, dataField: 'text' },
    new RegExp(`^--proto: together with --method: one of ${STREAMING.source}`),
  ],
  ['an unknown method', { ...WATCH, method: 'feed.v1.Feed/Wach' }, /^--method: .*Watch.*did you mean/i],
  [
    'a unary method',
    { ...WATCH, method: 'feed.v1.Feed/Post' },
    new RegExp(`^--method: a method that streams its answers: one of ${STREAMING.source}`),
  ],
  [
    'a client-streaming method',
    { ...WATCH, method: 'feed.v1.Feed/Upload' },
    new RegExp(`^--method: a method that streams its answers: one of ${STREAMING.source}`),
  ],
  [
    'no data field',
    { ...WATCH, dataField: undefined },
    /^--method: together with --data-field: .*text, raw$/,
  ],
  [
    'an unknown data field',
    { ...WATCH, dataField: 'txt' },
    /^--data-field: a string or bytes field of feed\.v1\.Update: text, raw$/,
  ],
  ['a data field of another type', { ...WATCH, dataField: 'number' }, /^--data-field: a string or bytes/],
  ['a data field that repeats', { ...WATCH, dataField: 'tags' }, /^--data-field: a string or bytes/],
  ['a map for data', { ...WATCH, dataField: 'labels' }, /^--data-field: a string or bytes/],
  [
    'a data field within a message',
    { ...WATCH, dataField: 'at.seconds' },
    /^--data-field: a string or bytes/,
  ],
  [
    'a name that every object has',
    { ...WATCH, dataField: 'constructor' },
    /^--data-field: a string or bytes/,
  ],
  ['an unknown topic field', { ...WATCH, topicField: 'place.nam' }, /^--topic-field: a string field of/],
  ['an id that is no varint', { ...WATCH, lastIdField: 'since' }, /^--last-id-field: /],
  [
    'publishing by a method that streams',
    { ...WATCH, publishMethod: 'feed.v1.Feed/Watch', publishField: 'text' },
    /^--publish-method: a unary method: one of feed\.v1\.Feed\/Post/,
  ],
  [
    'publishing without a field',
    { ...WATCH, publishMethod: 'feed.v1.Feed/Post' },
    /^--publish-method: together with --publish-field: .*channel, bodies$/,
  ],
  ['a field without a method', { ...WATCH, publishField: 'bodies' }, /^--publish-field: only together/],
] as const) {
  test(`a service is refused: ${name}`, async () => {
    const { methods, faults } = await read(flags);
    assert.equal(methods, null);
    assert.ok(
      faults.some((fault) => pattern.test(fault)),
      `${pattern} among ${JSON.stringify(faults)}`,
    );
  });
}

for (const [name, flags, expected] of [
  ['a bare address', GRPC, 'grpc://127.0.0.1:50051'],
  ['a scheme', { target: 'grpc://localhost:50051' }, 'grpc://localhost:50051'],
  ['an http address', { target: 'http://127.0.0.1:50051', protocol: 'grpc' }, 'http://127.0.0.1:50051'],
  ['an IPv6 address', { target: '[::1]:50051', protocol: 'grpc' }, 'grpc://[::1]:50051'],
] as const) {
  test(`a gRPC target by ${name} speaks our own push.proto, and publishes by calls`, () => {
    const { target, scenario } = resolve({ flags });
    assert.deepEqual([target?.protocol, target?.url], ['grpc', expected]);
    assert.equal(target?.path, '/pushbench.v1.Push/Subscribe?topic={topic}');
    assert.equal(target?.publishCall?.path, '/pushbench.v1.Push/Publish');
    assert.equal(scenario.publishVia, 'call');
  });
}

test('messages for a gRPC target may be posted elsewhere', () => {
  const { target, scenario } = resolve({ flags: { ...GRPC, publishUrl: 'http://127.0.0.1:9000/publish' } });
  assert.deepEqual([target?.publishCall, scenario.publishVia], [null, 'post']);
});

test('a foreign method stands in the path of a target', async () => {
  const proto = (await read({ ...WATCH, topicField: 'channel' })).methods;
  const { target } = resolve({ flags: { ...GRPC, ...WATCH, topicField: 'channel' }, proto });
  assert.deepEqual([target?.path, target?.publishCall], ['/feed.v1.Feed/Watch?topic={topic}', null]);
});

for (const [name, flags, pattern] of [
  ['a path', { ...GRPC, path: '/x' }, /^--path: not together with gRPC/],
  [
    'gRPC options for another protocol',
    { target: 'http://127.0.0.1:9000', method: 'x.Y/Z' },
    /^--method: only together with --protocol grpc/,
  ],
  [
    'options of a file without one',
    { ...GRPC, dataField: 'text' },
    /^--data-field: only together with --proto/,
  ],
  ['a binary header', { ...GRPC, header: ['trace-bin: x'] }, /^--header: for gRPC/],
  ['a header of the protocol', { ...GRPC, header: ['grpc-timeout: 1S'] }, /^--header: for gRPC/],
  [
    'two ways of publishing',
    { ...GRPC, publishUrl: 'http://127.0.0.1:1/p', publishMethod: 'x' },
    /^--publish-url: not together with --publish-method/,
  ],
  [
    'a scheme of another protocol',
    { target: 'grpc://127.0.0.1:9000', protocol: 'sse' },
    /^--target: .*protocol sse/,
  ],
  ['another way of publishing', { ...GRPC, publishVia: 'post' }, /^publishVia: call for this server/],
] as const) {
  test(`a gRPC target is refused: ${name}`, () => hasFault({ flags }, pattern));
}
