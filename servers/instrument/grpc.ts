import { Metadata, Server, ServerCredentials, type ServerWritableStream } from '@grpc/grpc-js';
import { BenchError, EXIT } from '../../contract/errors.ts';
import type { Endpoint } from '../../contract/pushServer.ts';
import { type Decoded, methodOf, REQUESTS, type SubscribeRequest } from '../grpc/pushProto.ts';
import type { Audience, Listener } from './audience.ts';
import type { CreateWire } from './node.ts';

type SubscribeCall = ServerWritableStream<Decoded<SubscribeRequest>, object>;

/** The streaming method of push.proto, by @grpc/grpc-js as it comes. */
export const createWire: CreateWire = (audience) => {
  const servers: Server[] = [];
  return {
    kind: 'own',
    listen(address) {
      const server = new Server();
      servers.push(server);
      const subscribe = { ...methodOf('Subscribe'), requestDeserialize: REQUESTS.Subscribe };
      server.addService(
        { Subscribe: subscribe },
        { Subscribe: (call: SubscribeCall) => open(call, audience) },
      );
      return bound(server, address);
    },
    stop() {
      for (const server of servers) server.forceShutdown();
    },
  };
};

function bound(server: Server, { host, port }: Endpoint): Promise<Endpoint> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, given) => {
      if (error === null) resolve({ host, port: given });
      else reject(notBound(`${host}:${port}`, error));
    });
  });
}

function notBound(address: string, cause: Error): BenchError {
  return new BenchError(`cannot listen on ${address}: ${cause.message}`, {
    exitCode: EXIT.usage,
    hint: 'Choose another address, or port 0 for a free one.',
    cause,
  });
}

function open(call: SubscribeCall, audience: Audience): void {
  if (call.request.state === 'damaged') {
    call.destroy(new Error(call.request.fault));
    return;
  }
  const { topic } = call.request.message;
  // The client waits for the head of its stream.
  call.sendMetadata(new Metadata());
  const listener: Listener = {
    topic,
    tell: (messages) => {
      for (const { data } of messages) call.write({ topic, data });
    },
  };
  audience.join(listener);
  call.on('cancelled', () => audience.leave(listener));
}
