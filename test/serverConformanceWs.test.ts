import { serverConformance } from './serverConformance.ts';
import { WS_FIXTURE } from './serverFixtureWs.ts';

serverConformance({ stage: 'ws', fixture: WS_FIXTURE });
