import { CHAT_METHOD, type GrpcMethod, SUBSCRIBE_METHOD } from '../../contract/grpc.ts';
import type { ServerCapabilities, VariantInfo } from '../../contract/pushServer.ts';
import { type CreateNode, defineStage, type LoadableVariant } from '../node/defineStage.ts';
import type { CreateVariant } from './variant.ts';

/** Clients of a variant use one method; every node serves the whole service. */
function capabilities(grpc: GrpcMethod): ServerCapabilities {
  return {
    protocol: 'grpc',
    streamPath: `${grpc.path}?topic={topic}`,
    shows: 'message',
    polling: null,
    bus: null,
    publishTo: 'every-node',
    ingestBatch: true,
    resume: true,
    multiplexes: true,
    uplink: grpc.say === null ? null : 'stream',
    joinsBus: true,
    grpc,
  };
}

type Description = Omit<VariantInfo, 'capabilities'>;
type VariantModule = Promise<{ readonly createVariant: CreateVariant }>;

function variant(description: Description, method: GrpcMethod, load: () => VariantModule): LoadableVariant {
  const loadNode = async (): Promise<CreateNode> => {
    const { GrpcNode } = await import('./node.ts');
    const { createVariant } = await load();
    return (options) => new GrpcNode(options, createVariant);
  };
  return { ...description, capabilities: capabilities(method), load: loadNode };
}

export const GRPC_STAGE = defineStage({
  name: 'grpc',
  title: 'gRPC stream',
  variants: [
    variant(
      {
        name: 'server-stream',
        tag: 'idiomatic',
        isDefault: true,
        summary: 'a server-streaming call for each client; gRPC serialises each event for each of them',
        plannedBytesPerConnection: 17_408,
      },
      SUBSCRIBE_METHOD,
      () => import('./serverStream.ts'),
    ),
    variant(
      {
        name: 'bidi',
        tag: 'idiomatic',
        isDefault: false,
        summary: 'server-stream, but over a bidirectional call: clients say something themselves',
        plannedBytesPerConnection: 17_408,
      },
      CHAT_METHOD,
      () => import('./serverStream.ts'),
    ),
    variant(
      {
        name: 'prepared',
        tag: 'tuned',
        isDefault: false,
        summary: 'server-stream, but each event serialised once and one Buffer handed to every call',
        plannedBytesPerConnection: 17_408,
      },
      SUBSCRIBE_METHOD,
      () => import('./prepared.ts'),
    ),
  ],
});
