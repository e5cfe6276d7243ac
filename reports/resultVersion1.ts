import { type Fields, isObject, liftRuns, withFields } from './liftResult.ts';

/** What version 2 knows of a run and version 1 did not: none of it was measured then. */
const NEW_IN_RUN: Fields = {
  articlePoll: null,
  articleWs: null,
  polling: null,
  bus: null,
  fault: null,
  closedLoop: null,
  sweep: null,
};

/**
 * Lifts a result of version 1 to version 2: fields that came with polling, WebSockets, buses, faults and sweeps say
 * that nothing of the kind was measured. Whatever is not of the old shape stays as it is, for the reader to name.
 */
export function liftVersion1(data: unknown): unknown {
  return liftRuns(data, 2, liftRun);
}

function liftRun(run: Fields): unknown {
  const { histograms, publish, cpu, timeline } = run;
  return {
    ...NEW_IN_RUN,
    ...run,
    histograms: withFields({ busHop: null, reconnect: null }, histograms),
    publish: withFields({ retried: 0, failures: [] }, publish),
    cpu: withFields({ broker: null }, cpu),
    timeline: Array.isArray(timeline) ? timeline.map(liftSecond) : timeline,
  };
}

function liftSecond(second: unknown): unknown {
  return isObject(second) ? { ...second, cpu: withFields({ broker: null }, second.cpu) } : second;
}
