import { requireService } from './requireService.ts';
import { serverConformance } from './serverConformance.ts';
import { WS_FIXTURE } from './serverFixtureWs.ts';

const { skip } = requireService('redis-server');

serverConformance({
  stage: 'ws-cluster',
  fixture: WS_FIXTURE,
  variants: ({ capabilities }) => capabilities.bus === 'embedded' || skip === false,
});
