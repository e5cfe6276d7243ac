import {
  LONG_POLL_FIXTURE,
  POLL_FIXTURE,
  SSE_H2_FIXTURE,
  sseFixture,
  WS_FIXTURE,
} from './securityFixture.ts';
import { testSecurity } from './securitySuite.ts';

testSecurity(sseFixture('shared'));
testSecurity(sseFixture('raw'));
testSecurity(SSE_H2_FIXTURE);
testSecurity(WS_FIXTURE);
testSecurity(POLL_FIXTURE);
testSecurity(LONG_POLL_FIXTURE);
