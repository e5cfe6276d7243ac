import { type Fields, liftRuns, withFields } from './liftResult.ts';

/** What version 3 knows of a run and version 2 did not: none of it was measured, and every connection was plain. */
const NEW_IN_RUN: Fields = {
  security: { kind: 'plain', tlsVersion: null, cipher: null, unauthenticated: [] },
  flow: null,
  slow: null,
  rolling: null,
  chat: null,
};

/**
 * Lifts a result of version 2 to version 3: fields that came with gRPC, security, flow control and chat say that nothing
 * of the kind was measured. Whatever is not of the old shape stays as it is, for the reader to name.
 */
export function liftVersion2(data: unknown): unknown {
  return liftRuns(data, 3, liftRun);
}

function liftRun(run: Fields): unknown {
  return {
    ...NEW_IN_RUN,
    ...run,
    plan: withFields({ streamsPerConnection: 1, publishVia: 'post' }, run.plan),
    connections: withFields({ tcp: null }, run.connections),
  };
}
