import type { ServerCapabilities } from '../../contract/pushServer.ts';
import { defineStage, variantsOf } from '../node/defineStage.ts';
import { WS_PATH, WsNode } from './node.ts';
import type { CreateVariant } from './variant.ts';

const capabilities: ServerCapabilities = {
  protocol: 'ws',
  streamPath: `${WS_PATH}?topic={topic}`,
  shows: 'message',
  polling: null,
  bus: null,
  publishTo: 'every-node',
  ingestBatch: true,
  resume: true,
  multiplexes: false,
  uplink: 'stream',
  joinsBus: false,
  grpc: null,
};

const variant = variantsOf(
  capabilities,
  (options, module: { readonly createVariant: CreateVariant }) => new WsNode(options, module.createVariant),
);

export const WS_STAGE = defineStage({
  name: 'ws',
  title: 'WebSocket',
  variants: [
    variant(
      {
        name: 'send',
        tag: 'naive',
        isDefault: false,
        summary: 'each connection encodes each event and sends it by itself',
        plannedBytesPerConnection: 6_144,
      },
      () => import('./send.ts'),
    ),
    variant(
      {
        name: 'prepared',
        tag: 'idiomatic',
        isDefault: true,
        summary: 'each event encoded into one frame once, which is written to every socket',
        plannedBytesPerConnection: 6_144,
      },
      () => import('./prepared.ts'),
    ),
  ],
});
