import { type RolePids, type Snapshot, takeSnapshot } from './snapshot.ts';

/** Not a whole second, so as not to beat with a schedule of whole seconds. */
const INTERVAL_MS = 970;
/** Two days; a soak keeps its last samples. */
const MAX_SAMPLES = 200_000;

/** Samples host and processes through the whole run. */
export class HostWatch {
  readonly samples: Snapshot[] = [];
  readonly #pids: () => RolePids;
  readonly #timer: NodeJS.Timeout;

  constructor(pids: () => RolePids) {
    this.#pids = pids;
    this.#timer = setInterval(() => this.take(), INTERVAL_MS);
  }

  take(): Snapshot {
    const snapshot = takeSnapshot(this.#pids());
    this.samples.push(snapshot);
    if (this.samples.length > MAX_SAMPLES) this.samples.shift();
    return snapshot;
  }

  between(fromUs: number, toUs: number): Snapshot[] {
    return this.samples.filter(({ atUs }) => atUs >= fromUs && atUs <= toUs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
