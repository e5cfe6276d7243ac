import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Client, type ClientReadableStream, type ServiceError, status } from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer, loadSync, type MethodDefinition } from '@grpc/proto-loader';
import { protoPath as HEALTH_PROTO } from 'grpc-health-check';
import { publish, type Running, type Subject, start } from './serverConformanceClient.ts';
import { grpcClient, grpcFixture } from './serverFixtureGrpc.ts';

const SUBJECT: Subject = {
  stage: 'grpc',
  variant: 'server-stream',
  fixture: grpcFixture('Subscribe'),
  frees: 'at-disconnect',
};

type Method = MethodDefinition<object, object>;
type Definitions = ReturnType<typeof loadSync>;

function isMethod(candidate: unknown): candidate is Method {
  return typeof candidate === 'object' && candidate !== null && 'requestSerialize' in candidate;
}

function method(definitions: Definitions, service: string, name: string): Method {
  const found: unknown = Reflect.get(definitions[service] ?? {}, name);
  if (!isMethod(found)) throw new Error(`${service} has no method ${name}`);
  return found;
}

function unary(client: Client, { path, requestSerialize, responseDeserialize }: Method, request: object) {
  return new Promise<object>((resolve, reject) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, answer) =>
      answer === undefined ? reject(error) : resolve(answer),
    );
  });
}

function streaming(
  client: Client,
  { path, requestSerialize, responseDeserialize }: Method,
  request: object,
): ClientReadableStream<object> {
  return client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request);
}

async function next(stream: ClientReadableStream<object>): Promise<Record<string, unknown>> {
  const [message] = await once(stream, 'data');
  return { ...message };
}

/** A node and an ordinary client of it. */
async function served(t: TestContext): Promise<Running & { client: Client }> {
  const running = await start(t, SUBJECT);
  return { ...running, client: grpcClient(t, running.endpoint) };
}

const REFLECTION_PROTO = join(
  dirname(createRequire(import.meta.url).resolve('@grpc/reflection/package.json')),
  'build/proto/grpc/reflection/v1/reflection.proto',
);
const HEALTH = loadSync(HEALTH_PROTO, { enums: String });
const CHECK = method(HEALTH, 'grpc.health.v1.Health', 'Check');
const WATCH = method(HEALTH, 'grpc.health.v1.Health', 'Watch');

/** One question by server reflection, as grpcurl asks it. */
async function reflected(client: Client, request: object): Promise<Record<string, unknown>> {
  const { path, requestSerialize, responseDeserialize } = method(
    loadSync(REFLECTION_PROTO),
    'grpc.reflection.v1.ServerReflection',
    'ServerReflectionInfo',
  );
  const call = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
  const answered = once(call, 'data');
  call.write(request);
  const [answer] = await answered;
  call.end();
  return { ...answer };
}

/** FileDescriptorSet { repeated FileDescriptorProto file = 1 } of one file. */
function descriptorSet(file: Buffer): Buffer {
  const length: number[] = [];
  for (let rest = file.length; rest > 0; rest >>>= 7) length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
  return Buffer.concat([Buffer.from([0x0a, ...length]), file]);
}

test('lists its services by reflection', async (t) => {
  const { client } = await served(t);
  const { listServicesResponse } = await reflected(client, { listServices: '' });
  const services: unknown = Reflect.get(Object(listServicesResponse), 'service');
  assert.deepEqual(services, [{ name: 'grpc.health.v1.Health' }, { name: 'pushbench.v1.Push' }]);
});

test('describes its service so that a client without the definition can subscribe', async (t) => {
  const { client, endpoint } = await served(t);
  const { fileDescriptorResponse } = await reflected(client, { fileContainingSymbol: 'pushbench.v1.Push' });
  const [file]: Buffer[] = Reflect.get(Object(fileDescriptorResponse), 'fileDescriptorProto');
  const described = loadFileDescriptorSetFromBuffer(descriptorSet(file));
  const stream = streaming(client, method(described, 'pushbench.v1.Push', 'Subscribe'), { topic: 't1' });
  stream.on('error', () => {});
  await once(stream, 'metadata');
  const came = next(stream);
  await publish(endpoint, 't1', 'described');
  assert.deepEqual((await came).data, Buffer.from('described'));
});

test('says that it knows no such symbol', async (t) => {
  const { client } = await served(t);
  const { errorResponse } = await reflected(client, { fileContainingSymbol: 'pushbench.v1.Nothing' });
  assert.equal(Reflect.get(Object(errorResponse), 'errorCode'), status.NOT_FOUND);
});

for (const service of ['', 'pushbench.v1.Push']) {
  test(`is healthy, as grpc_health_probe asks it: -service '${service}'`, async (t) => {
    const { client } = await served(t);
    assert.deepEqual({ ...(await unary(client, CHECK, { service })) }, { status: 'SERVING' });
  });
}

test('knows nothing of the health of others', async (t) => {
  const { client } = await served(t);
  await assert.rejects(
    unary(client, CHECK, { service: 'somebody.Else' }),
    (error: ServiceError) => error.code === status.NOT_FOUND,
  );
});

test('tells who watches its health that it drains', async (t) => {
  const { client, server } = await served(t);
  const watch = streaming(client, WATCH, { service: 'pushbench.v1.Push' });
  watch.on('error', () => {});
  assert.deepEqual(await next(watch), { status: 'SERVING' });
  const told = next(watch);
  const drained = server.drain?.(200);
  assert.deepEqual(await told, { status: 'NOT_SERVING' });
  watch.cancel();
  await drained;
});
