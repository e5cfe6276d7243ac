import type { Scenario } from '../../contract/config.ts';
import { DEFAULT_FLOW_LIMITS, type FlowLimits, waterMarks } from '../../contract/flow.ts';

/** However large its messages are, one subscriber may hold no more bytes than this. */
const MOST_BYTES = 16 * 1_048_576;
/** What a frame adds to a payload, at the most: escapes, field names, a head. */
const FRAME_FACTOR = 1.5;
const FRAME_BYTES = 256;

/**
 * Water marks of a run's server nodes. The limit is given in messages, so the mark in bytes leaves room for as many of the
 * scenario's size; from about 2 KiB a message on, at the default limit, its own bound comes first, and the report shows both.
 */
export function flowLimits({ flowMessages, payloadBytes }: Scenario): FlowLimits {
  const needed = Math.ceil(flowMessages * (payloadBytes * FRAME_FACTOR + FRAME_BYTES));
  const bytes = Math.min(MOST_BYTES, Math.max(DEFAULT_FLOW_LIMITS.connectionBytes.high, needed));
  return {
    ...DEFAULT_FLOW_LIMITS,
    connectionMessages: waterMarks(flowMessages),
    connectionBytes: waterMarks(bytes),
  };
}
