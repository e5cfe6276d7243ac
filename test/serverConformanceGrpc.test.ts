import { serverConformance } from './serverConformance.ts';
import { grpcFixture } from './serverFixtureGrpc.ts';

serverConformance({
  stage: 'grpc',
  fixture: grpcFixture('Subscribe'),
  variants: ({ capabilities }) => capabilities.grpc?.kind === 'server-stream',
});

serverConformance({
  stage: 'grpc',
  fixture: grpcFixture('Chat'),
  variants: ({ capabilities }) => capabilities.grpc?.kind === 'bidi',
});
