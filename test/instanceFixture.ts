import { type Metadata, Server, ServerCredentials, type status } from '@grpc/grpc-js';
import type { Instance } from '../contract/discovery.ts';
import { PUBLISH_PATH_GRPC } from '../contract/grpc.ts';

/** What an instance does with a call: takes it, never answers it, or answers with a status. */
export type Answer = 'take' | 'hold' | status;

/** A gRPC server that takes published messages and tells nobody: enough to see which instance gets what. */
export class PlainInstance {
  readonly instance: Instance;
  readonly taken: Buffer[] = [];
  /** Of each call, in their order. */
  readonly metadata: Record<string, unknown>[] = [];
  answer: Answer = 'take';
  calls = 0;
  readonly #server: Server;

  private constructor(server: Server, instance: Instance) {
    this.#server = server;
    this.instance = instance;
  }

  static async start(nodeId: string, weight = 1): Promise<PlainInstance> {
    const server = new Server();
    const late: { self: PlainInstance | null } = { self: null };
    server.addService(
      {
        publish: {
          path: PUBLISH_PATH_GRPC,
          requestStream: false,
          responseStream: false,
          requestSerialize: asIs,
          requestDeserialize: asIs,
          responseSerialize: asIs,
          responseDeserialize: asIs,
        },
      },
      {
        publish: (
          call: { request: Buffer; metadata: Metadata },
          done: (error: { code: status; details: string } | null, answer?: Buffer) => void,
        ) => {
          late.self?.metadata.push(call.metadata.getMap());
          late.self?.take(call.request, done);
        },
      },
    );
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      ),
    );
    late.self = new PlainInstance(server, { nodeId, endpoints: [{ host: '127.0.0.1', port }], weight });
    return late.self;
  }

  take(
    request: Buffer,
    done: (error: { code: status; details: string } | null, answer?: Buffer) => void,
  ): void {
    this.calls++;
    if (this.answer === 'hold') return;
    if (this.answer !== 'take') {
      done({ code: this.answer, details: `${this.instance.nodeId} says no` });
      return;
    }
    this.taken.push(request);
    done(null, Buffer.alloc(0));
  }

  /** Takes no more and says so; resolves when what was under way is answered. */
  drain(): Promise<void> {
    return new Promise((resolve, reject) =>
      this.#server.tryShutdown((error) => (error === undefined ? resolve() : reject(error))),
    );
  }

  stop(): void {
    this.#server.forceShutdown();
  }
}

function asIs(bytes: Buffer): Buffer {
  return bytes;
}
