import { serverConformance } from './serverConformance.ts';
import { http2Tests } from './serverConformanceHttp2.ts';
import { SSE_H2_FIXTURE } from './serverFixtureSseH2.ts';

serverConformance({
  stage: 'sse',
  fixture: SSE_H2_FIXTURE,
  variants: ({ capabilities }) => capabilities.protocol === 'sse-h2',
  more: { 'HTTP/2': http2Tests },
});
