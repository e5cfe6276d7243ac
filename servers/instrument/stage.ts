import { SUBSCRIBE_METHOD } from '../../contract/grpc.ts';
import type { ServerCapabilities, VariantInfo } from '../../contract/pushServer.ts';
import { defineStage, type LoadableVariant } from '../node/defineStage.ts';
import type { CreateWire } from './node.ts';

const PUSHED: ServerCapabilities = {
  protocol: 'sse',
  streamPath: '/events?topic={topic}',
  shows: 'message',
  polling: null,
  bus: null,
  publishTo: 'every-node',
  // It would take many messages in one body; one in each makes "each n-th publish is refused" exact to the message.
  ingestBatch: false,
  resume: false,
  multiplexes: false,
  uplink: null,
  joinsBus: false,
  grpc: null,
};

const POLLED: ServerCapabilities = {
  ...PUSHED,
  protocol: 'poll',
  streamPath: '/poll?topic={topic}',
  polling: 'held',
};

const STATE: ServerCapabilities = {
  ...POLLED,
  streamPath: '/state?topic={topic}',
  shows: 'state',
  polling: 'interval',
};

const GRPC: ServerCapabilities = {
  ...PUSHED,
  protocol: 'grpc',
  streamPath: `${SUBSCRIBE_METHOD.path}?topic={topic}`,
  multiplexes: true,
  grpc: SUBSCRIBE_METHOD,
};

type Description = Pick<VariantInfo, 'name' | 'summary'>;

function variant(
  description: Description,
  capabilities: ServerCapabilities,
  load: () => Promise<{ readonly createWire: CreateWire }>,
): LoadableVariant {
  return {
    ...description,
    tag: 'idiomatic',
    isDefault: description.name === 'sse',
    plannedBytesPerConnection: 20_480,
    capabilities,
    load: async () => {
      const { InstrumentNode } = await import('./node.ts');
      const { createWire } = await load();
      return (options) => new InstrumentNode(options, createWire);
    },
  };
}

/** Servers of which is known what is wrong, one for each protocol: not stages, but what the harness is tested with. */
export const INSTRUMENT_STAGE = defineStage({
  name: 'instrument',
  title: 'Instrument',
  variants: [
    variant({ name: 'sse', summary: 'event streams' }, PUSHED, () => import('./sse.ts')),
    variant(
      { name: 'sse-h2', summary: 'event streams over HTTP/2' },
      { ...PUSHED, protocol: 'sse-h2', multiplexes: true },
      () => import('./sseH2.ts'),
    ),
    variant({ name: 'ws', summary: 'WebSocket' }, { ...PUSHED, protocol: 'ws' }, () => import('./ws.ts')),
    variant({ name: 'poll', summary: 'held polls' }, POLLED, () => import('./poll.ts')),
    variant({ name: 'poll-state', summary: 'polls on an interval' }, STATE, () => import('./pollState.ts')),
    variant({ name: 'grpc', summary: 'server-streaming calls' }, GRPC, () => import('./grpc.ts')),
  ],
});
