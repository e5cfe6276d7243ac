import {
  type ChannelOptions,
  type ConnectionInjector,
  Server,
  ServerCredentials,
  type ServerInterceptor,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { protoPath as HEALTH_PROTO, HealthImplementation } from 'grpc-health-check';
import type { ServerOptions } from '../../contract/pushServer.ts';
import { MAX_EVENT_OVERHEAD_BYTES } from './events.ts';
import { PUSH_PACKAGE, PUSH_SERVICE_NAME } from './pushProto.ts';

/**
 * Streams that one connection may carry: ten times what a multiplexing client is measured with. It also bounds what a client
 * can make the server hold that opens streams and reads none.
 */
const MAX_STREAMS_PER_CONNECTION = 1_024;

/** Health is told of the whole server, under the empty name, and of the service. */
const HEALTH_NAMES = ['', PUSH_SERVICE_NAME];

export interface GrpcServerParts {
  readonly options: ServerOptions;
  readonly admission: ServerInterceptor;
  readonly definition: ServiceDefinition;
  readonly handlers: UntypedServiceImplementation;
}

/** What @grpc/grpc-js serves on the connections that are injected: the service, its health and its description. */
export class GrpcServer {
  readonly injector: ConnectionInjector;
  readonly #server: Server;
  readonly #health: HealthImplementation;

  constructor({ options, admission, definition, handlers }: GrpcServerParts) {
    this.#server = new Server({ ...channelOptions(options), interceptors: [admission] });
    this.#server.addService(definition, handlers);
    this.#health = new HealthImplementation();
    this.#tellHealth('SERVING');
    this.#health.addToServer(this.#server);
    new ReflectionService({ ...loadSync(HEALTH_PROTO), ...PUSH_PACKAGE }).addToServer(this.#server);
    // TLS, where there is any, is over when a connection gets here.
    this.injector = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
  }

  notServing(): void {
    this.#tellHealth('NOT_SERVING');
  }

  /** Tells every client to go (GOAWAY) and takes no new call. Calls that are under way end by themselves, connections after them. */
  goAway(): void {
    // What it calls back says nothing: on this Node it comes while connections are still being closed.
    this.#server.tryShutdown(() => {});
  }

  #tellHealth(status: 'SERVING' | 'NOT_SERVING'): void {
    for (const name of HEALTH_NAMES) this.#health.setStatus(name, status);
  }
}

function channelOptions({ limits, pingMs, pongTimeoutMs }: ServerOptions): ChannelOptions {
  return {
    // Whatever a client sends is a publish, or smaller. The default of 4 MiB would be above our limit.
    'grpc.max_receive_message_length': limits.maxPublishBytes,
    // What was taken can be sent; more than that would be a fault of ours.
    'grpc.max_send_message_length': limits.maxPublishBytes + MAX_EVENT_OVERHEAD_BYTES,
    'grpc.max_concurrent_streams': MAX_STREAMS_PER_CONNECTION,
    // A peer that died without a word is noticed by a ping, not after the kernel's many minutes; the default is never.
    'grpc.keepalive_time_ms': pingMs,
    'grpc.keepalive_timeout_ms': pongTimeoutMs,
    // Bookkeeping of every connection and call for a debugger that nobody attaches; /metrics tells what there is to tell.
    'grpc.enable_channelz': 0,
  };
}
