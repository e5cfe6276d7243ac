import { Socket } from 'node:net';
import { DEFAULT_FLOW_LIMITS } from '../contract/flow.ts';
import { FlowController, type FlowSubject, NOTHING_HANDED } from '../servers/flow/flowController.ts';
import { type Benchmark, type Figure, median } from './figure.ts';

const SUBSCRIBERS = 5_000;
const ROUNDS = 400;
const REPEATS = 5;
const FRAME_BYTES = 300;

/** Once so much waits, the reader of the stand-in takes all but one frame. */
const TAKEN_AT_BYTES = 65_536;

/** What flow control adds to one message for one subscriber. */
export const flowController: Benchmark = {
  name: 'flow',
  summary: 'the check of flow control, per message and subscriber; a few seconds',
  async measure({ quick, repeats }): Promise<readonly Figure[]> {
    const times = quick ? 1 : (repeats ?? REPEATS);
    const rounds = quick ? 10 : ROUNDS;
    const sockets = Array.from({ length: SUBSCRIBERS }, () => ({ ...NOTHING_HANDED, sink: new Socket() }));
    const slow = Array.from({ length: SUBSCRIBERS }, () => ({ ...NOTHING_HANDED, sink: new FullSink() }));
    const figures = [
      figure('its socket takes everything', 'sockets', times, () => nsPerCheck(sockets, rounds)),
      figure('it waits in the sink', 'sinks that fill', times, () => nsPerCheck(slow, rounds, fill)),
    ];
    for (const { sink } of sockets) sink.destroy();
    return figures;
  },
};

/** A sink that keeps what it is given: only its level is looked at. */
class FullSink {
  readonly writableObjectMode = false;
  writableLength = FRAME_BYTES;
}

function fill({ sink }: { readonly sink: FullSink }): void {
  sink.writableLength =
    sink.writableLength > TAKEN_AT_BYTES ? FRAME_BYTES : sink.writableLength + FRAME_BYTES;
}

function figure(which: string, of: string, times: number, measure: () => number): Figure {
  // Once for nothing, so that the code is compiled.
  measure();
  const ns = median(Array.from({ length: times }, measure));
  return {
    what: `flow control of one message to one subscriber: ${which}`,
    must: '100 ns',
    aim: '',
    measured: `${ns.toFixed(0)} ns`,
    ruler: `\`mayWrite\` before and \`wrote\` after; ${SUBSCRIBERS.toLocaleString('en')} ${of} in turn, the write itself left out`,
  };
}

/** @param write stands for the write between the two calls */
function nsPerCheck<S extends FlowSubject>(
  subjects: readonly S[],
  rounds: number,
  write: (subject: S) => void = () => {},
): number {
  const flow = new FlowController(DEFAULT_FLOW_LIMITS);
  let refused = 0;
  const startMs = performance.now();
  for (let round = 0; round < rounds; round++) {
    for (const subject of subjects) {
      if (flow.mayWrite(subject)) {
        write(subject);
        flow.wrote(subject, 1, FRAME_BYTES);
      } else refused++;
    }
  }
  const ns = ((performance.now() - startMs) * 1e6) / (rounds * subjects.length);
  if (refused > 0) throw new Error(`${refused} checks refused what is below the marks`);
  return ns;
}
