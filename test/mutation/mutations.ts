/** One defect of the instrument, as a replacement of its source text. */
export interface Mutation {
  readonly name: string;
  /** What is wrong then, for the table. */
  readonly description: string;
  /** Path from the root of the tree. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Cases of `bench selftest` of which at least one row has to fail; the others are not run. */
  readonly cases: readonly string[];
}

const HISTOGRAMS = 'runners/recorders/histograms.ts';
const PHASE = 'runners/recorders/phaseRecorder.ts';
const LEDGER = 'runners/recorders/ledger.ts';
const LATENCY = 'reports/statistics/latencyStats.ts';

/** Each is a mistake that a benchmark tool has been published with, or would not notice by itself. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'late-stamp',
    description: 'A load worker stamps what it receives 2 ms late',
    file: 'runners/drivers/socketTransport.ts',
    find: 'const receivedUs = clock();',
    replace: 'const receivedUs = clock() + 2_000;',
    cases: ['probe'],
  },
  {
    name: 'late-record',
    description: 'The recorder books each delivery 2 ms late',
    file: PHASE,
    find: 'this.#recordLatency(slot, index, times.receivedUs - times.intendedUs, times.intendedUs);',
    replace:
      'this.#recordLatency(slot, index, times.receivedUs + 2_000 - times.intendedUs, times.intendedUs);',
    cases: ['recorder'],
  },
  {
    name: 'drop-zeros',
    description: 'Latencies of 0 are thrown away',
    file: HISTOGRAMS,
    find: 'histogram.recordValue(us < 0 ?',
    replace: 'if (us >= 0.5) histogram.recordValue(us < 0 ?',
    cases: ['recorder'],
  },
  {
    name: 'clip-outliers',
    description: 'Whatever took longer than a second is booked as a second',
    file: HISTOGRAMS,
    find: 'us > HIGHEST_US ? HIGHEST_US : Math.round(us)',
    replace: 'us > 1_000_000 ? 1_000_000 : Math.round(us)',
    cases: ['recorder'],
  },
  {
    name: 'average-merge',
    description: 'The percentiles of several workers are averaged instead of their counts added',
    file: HISTOGRAMS,
    find: `  for (const text of encoded) {
    const part = hdr.decodeFromCompressedBase64(text, 64, true);
    sum.add(part);
    part.destroy();
  }
`,
    replace: `  const parts = encoded.map((text) => hdr.decodeFromCompressedBase64(text, 64, true));
  const count = parts.reduce((total, part) => total + part.totalCount, 0);
  for (let n = 0; n < count; n++) {
    const at = parts.map((part) => part.getValueAtPercentile((100 * (n + 0.5)) / count));
    sum.recordValue(Math.round(at.reduce((total, value) => total + value, 0) / parts.length));
  }
  for (const part of parts) part.destroy();
`,
    cases: ['recorder'],
  },
  {
    name: 'from-send',
    description: 'Latency is counted from when a message was sent, not from when it was due',
    file: PHASE,
    find: 'this.#recordLatency(slot, index, times.receivedUs - times.intendedUs, times.intendedUs);',
    replace:
      'this.#recordLatency(slot, index, times.receivedUs - (times.sentUs ?? times.intendedUs), times.intendedUs);',
    cases: ['recorder', 'frozen-publisher'],
  },
  {
    name: 'skip-lost',
    description: 'What was lost is not counted',
    file: LEDGER,
    find: 'if (expected[slot] === 1) this.#note(losses, slot, stream, n);',
    replace: '',
    cases: ['recorder'],
  },
  {
    name: 'forgive-lost',
    description: 'Percentiles are those of what came, whatever was lost',
    file: LATENCY,
    find: 'const all = histogram.totalCount + lost;',
    replace: 'const all = histogram.totalCount;',
    cases: ['recorder'],
  },
  {
    name: 'count-twice',
    description: 'What comes twice counts as received twice',
    file: PHASE,
    find: 'if (mark !== 0) return false;',
    replace: 'if (mark === UNCLASSIFIED) return false;',
    cases: ['recorder'],
  },
  {
    name: 'forget-bit',
    description: 'The ledger forgets one delivery in each 4,096',
    file: LEDGER,
    find: 'this.#bits[word] |= mask;',
    replace: 'if ((bit & 4_095) !== 4_095) this.#bits[word] |= mask;',
    cases: ['recorder'],
  },
  {
    name: 'next-rank',
    description: 'Percentiles are one rank too high',
    file: LATENCY,
    find: 'const rank = Math.ceil(quantile * all - 1e-9);',
    replace: 'const rank = Math.floor(quantile * all) + 1;',
    cases: ['recorder'],
  },
  {
    name: 'ignore-order',
    description: 'What overtakes on its way is not noticed',
    file: 'runners/recorders/fleetRecorder.ts',
    find: 'const isLate = seq < this.#highestSeq[slot];',
    replace: 'const isLate = false;',
    cases: ['ledger'],
  },
  {
    name: 'late-schedule',
    description: 'A publisher that is late moves its schedule: what it sends late was due late',
    file: 'runners/publisher/publisher.ts',
    find: 'this.#enqueue(spec, next, spec.startUs + pacer.intendedUs(next));',
    replace: 'this.#enqueue(spec, next, nowUs());',
    cases: ['frozen-publisher'],
  },
  {
    name: 'blame-server',
    description: 'A load worker that stood still is not noticed, and the server is blamed',
    file: 'runners/validity/invalidRules.ts',
    find: 'if (generatorStalledUs <= bound) return null;',
    replace: 'if (generatorStalledUs >= 0) return null;',
    cases: ['frozen-worker'],
  },
];
