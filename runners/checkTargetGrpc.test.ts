import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { before, describe, it } from 'node:test';
import { Metadata, Server, ServerCredentials, type ServiceError, status } from '@grpc/grpc-js';
import type { TargetSettings } from '../contract/config.ts';
import { BenchError } from '../contract/errors.ts';
import type { GrpcMethod } from '../contract/grpc.ts';
import { withListening } from '../test/endToEndBench.ts';
import { PLAIN_TARGET } from '../test/plainTarget.ts';
import { checkTarget } from './checkTarget.ts';
import { initHistograms } from './recorders/histograms.ts';

const WATCH: GrpcMethod = {
  kind: 'server-stream',
  path: '/feed.v1.Feed/Watch',
  topicField: null,
  lastIdField: null,
  dataField: 2,
  idField: null,
  kindField: null,
  say: null,
};
const asIs = (bytes: Buffer): Buffer => bytes;

/** What a check of an address says; null: it has nothing against the server. */
async function saysOf(port: number, grpc: GrpcMethod = WATCH): Promise<BenchError | null> {
  const target: TargetSettings = {
    ...PLAIN_TARGET,
    url: `grpc://127.0.0.1:${port}`,
    protocol: 'grpc',
    path: `${grpc.path}?topic={topic}`,
    grpc,
  };
  try {
    await checkTarget(target, 1, new AbortController().signal, 1_000);
    return null;
  } catch (error) {
    assert.ok(error instanceof BenchError);
    return error;
  }
}

/** Asks a service whose method ends with a status; null: it streams. */
async function askedOf(code: status | null, grpc?: GrpcMethod): Promise<BenchError | null> {
  const server = new Server();
  const definition = {
    path: WATCH.path,
    requestStream: false,
    responseStream: true,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  } as const;
  server.addService(
    { Watch: definition },
    {
      Watch: (call: {
        sendMetadata(metadata: Metadata): void;
        emit(event: 'error', error: Partial<ServiceError>): void;
      }) => {
        if (code === null) call.sendMetadata(new Metadata());
        else call.emit('error', { code, details: 'no' });
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  try {
    return await saysOf(port, grpc);
  } finally {
    server.forceShutdown();
  }
}

describe('check of a gRPC target', () => {
  before(initHistograms);

  it('has nothing against a server that keeps the stream open', async () => {
    assert.equal(await askedOf(null), null);
  });

  for (const [code, says, hint] of [
    [status.UNAUTHENTICATED, /does not stream: gRPC UNAUTHENTICATED: no$/, /--header/],
    [status.PERMISSION_DENIED, /gRPC PERMISSION_DENIED/, /--header/],
    [status.INVALID_ARGUMENT, /gRPC INVALID_ARGUMENT/, /--topic-field/],
    [status.RESOURCE_EXHAUSTED, /gRPC RESOURCE_EXHAUSTED/, /limits its clients/],
    [status.INTERNAL, /gRPC INTERNAL/, /has the method \/feed\.v1\.Feed\/Watch/],
  ] as const) {
    it(`names a server that answers ${status[code]}`, async () => {
      const error = await askedOf(code);
      assert.match(error?.message ?? '', says);
      assert.match(error?.hint ?? '', hint);
      assert.equal(error?.exitCode, 6);
    });
  }

  it('names a server that knows no such method', async () => {
    const error = await askedOf(null, { ...WATCH, path: '/feed.v1.Feed/Look' });
    assert.match(error?.message ?? '', /gRPC UNIMPLEMENTED/);
    assert.match(error?.hint ?? '', /--proto FILE --method/);
  });

  it('names a port that speaks HTTP/1.1', () =>
    withListening(
      createServer((_request, response) => response.end('hi')),
      async (port) => {
        const error = await saysOf(port);
        assert.match(
          error?.message ?? '',
          /^grpc:\/\/127\.0\.0\.1:\d+\/feed\.v1\.Feed\/Watch does not stream: /,
        );
        assert.match(error?.hint ?? '', /has the method/);
      },
    ));
});
