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
    variant({ name: 'sse', summary: 'event streams with known faults' }, PUSHED, () => import('./sse.ts')),
  ],
});
