import { LONG, measure } from './frozenMeasure.ts';

// A coordinator that a test kills while one of its processes is stopped.
await measure('worker', LONG);
