import type { ServerCapabilities, VariantInfo } from '../../contract/pushServer.ts';
import { type CreateNode, defineStage, type LoadableVariant } from '../node/defineStage.ts';

const SHARED = {
  protocol: 'poll',
  bus: null,
  publishTo: 'every-node',
  ingestBatch: true,
  resume: true,
  multiplexes: false,
  uplink: null,
  joinsBus: false,
  grpc: null,
} as const;

/** The newest event of a topic at each poll: a client that was away sees the newest at its next one. */
const STATE: ServerCapabilities = {
  ...SHARED,
  streamPath: '/state?topic={topic}',
  shows: 'state',
  polling: 'interval',
};

/** Every event after the client's cursor. */
const EVENTS: ServerCapabilities = {
  ...SHARED,
  streamPath: '/poll?topic={topic}',
  shows: 'message',
  polling: 'held',
};

function variant(
  info: VariantInfo,
  load: () => Promise<{ readonly createNode: CreateNode }>,
): LoadableVariant {
  return { ...info, load: async () => (await load()).createNode };
}

export const POLL_STAGE = defineStage({
  name: 'poll',
  title: 'HTTP polling',
  variants: [
    variant(
      {
        name: 'short',
        tag: 'naive',
        isDefault: false,
        summary: 'each poll opens a connection and gets the whole newest state',
        plannedBytesPerConnection: 16_384,
        capabilities: STATE,
      },
      () => import('./short.ts'),
    ),
    variant(
      {
        name: 'keepalive',
        tag: 'naive',
        isDefault: false,
        summary: 'short, but the connection stays open between polls',
        plannedBytesPerConnection: 16_384,
        capabilities: STATE,
      },
      () => import('./keepalive.ts'),
    ),
    variant(
      {
        name: 'conditional',
        tag: 'idiomatic',
        isDefault: true,
        summary: 'keepalive, with entity tags: 304 and no body where nothing is new',
        plannedBytesPerConnection: 16_384,
        capabilities: STATE,
      },
      () => import('./conditional.ts'),
    ),
    variant(
      {
        name: 'long',
        tag: 'idiomatic',
        isDefault: false,
        summary: 'the request is held until there are events after its cursor',
        plannedBytesPerConnection: 20_480,
        capabilities: EVENTS,
      },
      () => import('./long.ts'),
    ),
  ],
});
