import { createHistogram } from 'node:perf_hooks';
import { emptyEnvelope } from '../contract/envelope.ts';
import { type PhaseSpec, seqOf, streamOf } from '../contract/schedule.ts';
import { PayloadWriter } from '../runners/publisher/payload.ts';
import { FleetRecorder } from '../runners/recorders/fleetRecorder.ts';
import { initHistograms, newHistogram, recordUs } from '../runners/recorders/histograms.ts';
import { SlotLayout } from '../runners/recorders/slotLayout.ts';
import { type Benchmark, type Figure, median } from './figure.ts';

/** The shape of the scenario `steady`. */
const SLOTS = 5_000;
const STREAMS = 100;
const MESSAGES = 8_000;
const RATE_PER_SECOND = 400;
const PAYLOAD_BYTES = 256;
/** What the server's JSON encoding puts before the body. */
const PREFIX = '{"id":123456,"topic":"room-7","data":"';
const RUN = 1;
const LATENCY_US = 900;
const REPEATS = 5;
const RECORDS = 2_000_000;

/** What it costs a load worker to account for one delivery. */
export const recording: Benchmark = {
  name: 'recording',
  summary: 'find, parse, ledger and histograms for one delivery; a few seconds',
  async measure({ quick, repeats }): Promise<readonly Figure[]> {
    await initHistograms();
    const times = quick ? 1 : (repeats ?? REPEATS);
    return [deliveryFigure(times), wasmFigure(times), nodeFigure(times)];
  },
};

function deliveryFigure(times: number): Figure {
  const payloads = messages();
  const ns = repeated(times, () => nsPerDelivery(payloads));
  return {
    what: 'recording one delivery, in the worker',
    must: '1 µs',
    aim: '0.3 µs',
    measured: `${(ns / 1_000).toFixed(2)} µs`,
    ruler: `\`FleetRecorder.message\` on ${PAYLOAD_BYTES} B JSON events, 100 rooms of 50: find, parse, ledger, histograms`,
  };
}

function messages(): Buffer[] {
  const writer = new PayloadWriter(PAYLOAD_BYTES, 1);
  return Array.from({ length: MESSAGES }, (_, index) => {
    const intendedUs = intendedOf(index);
    const bytes = Buffer.alloc(PREFIX.length + PAYLOAD_BYTES + 2, `${PREFIX}`, 'latin1');
    const stream = streamOf(index, STREAMS);
    const seq = seqOf(index, STREAMS);
    const envelope = {
      ...emptyEnvelope(),
      run: RUN,
      stream,
      seq,
      index,
      intendedUs,
      sentUs: intendedUs + 50,
    };
    writer.write(bytes, PREFIX.length, envelope);
    bytes.write('"}', PREFIX.length + PAYLOAD_BYTES, 'latin1');
    return bytes;
  });
}

function intendedOf(index: number): number {
  return Math.round((index * 1e6) / RATE_PER_SECOND);
}

/** A fresh recorder each time: a bit that is set already would take the short way of a duplicate. */
function nsPerDelivery(payloads: readonly Buffer[]): number {
  const layout = new SlotLayout(
    Int32Array.from({ length: SLOTS }, (_, slot) => slot % STREAMS),
    STREAMS,
  );
  const recorder = new FleetRecorder(RUN, layout, new Uint8Array(SLOTS));
  recorder.add(phase());
  const startMs = performance.now();
  let deliveries = 0;
  payloads.forEach((bytes, index) => {
    const stream = streamOf(index, STREAMS);
    for (let place = 0; place < layout.slotsOfStream[stream]; place++) {
      // Each subscriber a little later than the one before it, as in a real fan-out.
      const receivedUs = intendedOf(index) + LATENCY_US + place * 8;
      recorder.message(layout.slotAt(stream, place), bytes, 0, bytes.length, receivedUs);
      deliveries++;
    }
  });
  const ns = ((performance.now() - startMs) * 1e6) / deliveries;
  const { foreign } = recorder;
  recorder.stop();
  if (foreign > 0) throw new Error(`${foreign} of ${deliveries} messages were not recognised`);
  return ns;
}

function phase(): PhaseSpec {
  return {
    id: 0,
    name: 'measure',
    firstIndex: 0,
    count: MESSAGES,
    startUs: 0,
    durationUs: intendedOf(MESSAGES),
    ratePerSecond: RATE_PER_SECOND,
    shape: [],
    arrivals: 'uniform',
    seed: 1,
    streams: STREAMS,
  };
}

function wasmFigure(times: number): Figure {
  const histogram = newHistogram();
  const ns = repeated(times, () => nsPerRecord((us) => recordUs(histogram, us)));
  histogram.destroy();
  return histogramFigure('hdr-histogram-js, WebAssembly (in use)', ns);
}

function nodeFigure(times: number): Figure {
  const histogram = createHistogram();
  const ns = repeated(times, () => nsPerRecord((us) => histogram.record(us)));
  return histogramFigure('node:perf_hooks createHistogram', ns);
}

function histogramFigure(name: string, ns: number): Figure {
  return {
    what: `recording one value into a histogram: ${name}`,
    must: '',
    aim: '',
    measured: `${ns.toFixed(0)} ns`,
    ruler: `${RECORDS / 1e6} million values from 1 to 65,536 µs, three significant digits`,
  };
}

function nsPerRecord(record: (us: number) => void): number {
  const startMs = performance.now();
  for (let i = 0; i < RECORDS; i++) record(1 + ((i * 7_919) & 0xffff));
  return ((performance.now() - startMs) * 1e6) / RECORDS;
}

/** Once for nothing, so that the code is compiled; then the median. */
function repeated(times: number, measure: () => number): number {
  measure();
  return median(Array.from({ length: times }, measure));
}
