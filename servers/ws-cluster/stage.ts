import type { BusKind, ServerCapabilities, VariantInfo } from '../../contract/pushServer.ts';
import { type CreateNode, defineStage, type LoadableVariant } from '../node/defineStage.ts';

/** As of `ws`; the directory of 100,000 connections adds 4 bytes each. */
const PLANNED_BYTES_PER_CONNECTION = 11_264;

function capabilities(bus: BusKind): ServerCapabilities {
  return {
    protocol: 'ws',
    streamPath: '/ws?topic={topic}',
    shows: 'message',
    polling: null,
    bus,
    publishTo: 'any-node',
    ingestBatch: true,
    resume: true,
    multiplexes: false,
    uplink: null,
    joinsBus: false,
    grpc: null,
  };
}

/** Variants are named after their bus: the node itself is always the same. */
function variant(bus: BusKind, isDefault: boolean, summary: string): LoadableVariant {
  const info: VariantInfo = {
    name: bus,
    tag: 'idiomatic',
    isDefault,
    summary,
    plannedBytesPerConnection: PLANNED_BYTES_PER_CONNECTION,
    capabilities: capabilities(bus),
  };
  const load = async (): Promise<CreateNode> => {
    const { WsNode } = await import('../ws/node.ts');
    const { createVariant } = await import('../ws/prepared.ts');
    const { ClusterNode } = await import('./clusterNode.ts');
    return (options) => new WsNode(options, createVariant, (parts) => new ClusterNode(bus, parts));
  };
  return { ...info, load };
}

export const WS_CLUSTER_STAGE = defineStage({
  name: 'ws-cluster',
  title: 'WebSocket cluster',
  variants: [
    variant('embedded', true, 'nodes joined by a hub of our own over TCP; nothing to install'),
    variant('redis-pubsub', false, 'nodes joined by Redis Pub/Sub: nothing kept for a node that is away'),
    variant(
      'redis-streams',
      false,
      'nodes joined by a Redis stream: a node that was away recovers what it missed',
    ),
  ],
});
