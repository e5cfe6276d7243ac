import hdr, { type Histogram } from 'hdr-histogram-js';

/** One hour: nothing that is waited for here lasts longer. */
const HIGHEST_US = 3_600_000_000;

/** Times from the hand-over at the publishing node to the receipt at this one: microseconds, three significant digits. */
export class HopHistogram {
  readonly #histogram: Histogram = hdr.build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_US,
    numberOfSignificantValueDigits: 3,
    autoResize: false,
    useWebAssembly: false,
  });

  /** Nodes of one host share a clock that agrees to a microsecond; what falls below counts as none. */
  record(us: number): void {
    this.#histogram.recordValue(Math.min(HIGHEST_US, Math.max(0, Math.round(us))));
  }

  encode(): string {
    return hdr.encodeIntoCompressedBase64(this.#histogram);
  }
}
