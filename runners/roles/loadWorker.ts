import type { WorkerRequests } from '../../contract/workerControl.ts';
import { Fleet } from '../fleet/fleet.ts';
import { initHistograms } from '../recorders/histograms.ts';
import { SelfSampling } from './selfSampling.ts';
import { serveRole } from './serveRole.ts';

const sampling = new SelfSampling();
let fleet: Fleet | null = null;
let firstSlot = 0;

function running(): Fleet {
  if (fleet === null) throw new Error('the load worker has not been started');
  return fleet;
}

serveRole<WorkerRequests>({
  start: async (start) => {
    await initHistograms();
    firstSlot = start.firstSlot;
    fleet = await Fleet.create(start);
    return null;
  },
  ramp: (request) => {
    running().ramp(request);
    return null;
  },
  settle: () => {
    running().settle();
    return running().tally.counts();
  },
  phase: (spec) => {
    running().recorder.add(spec);
    return null;
  },
  progress: () => running().progress(),
  churn: ({ perSecond }) => {
    running().setChurn(perSecond);
    return null;
  },
  releaseSlow: () => {
    running().releaseSlow();
    return null;
  },
  cut: () => running().cut(),
  polls: () => running().pollFigures(),
  speak: (request) => running().speak(request),
  endUplinks: ({ phase }) => running().conversation.endUplinks(phase),
  hush: () => {
    running().conversation.hush();
    return null;
  },
  chat: ({ phase }) => running().conversation.report(phase),
  instances: (instances) => {
    running().instances(instances);
    return null;
  },
  collect: ({ phase, untilIndex }) =>
    running().recorder.collect({ phase, untilIndex, expectedSlots: running().expected, firstSlot }),
  fleet: () => running().report(),
  sample: (request) => sampling.sample(request),
  stop: async () => {
    sampling.stop();
    await fleet?.stop();
    return null;
  },
});
