import { serverConformance } from './serverConformance.ts';
import { eventStreamTests } from './serverConformanceEventStream.ts';
import { SSE_FIXTURE } from './serverFixtureSse.ts';

serverConformance({
  stage: 'sse',
  fixture: SSE_FIXTURE,
  freeAtFailedWrite: ['blocking'],
  variants: ({ capabilities }) => capabilities.protocol === 'sse',
  more: { 'event stream': eventStreamTests },
});
