import { PROC_ROOT } from '../samplers/procFile.ts';
import { type RolePids, type Snapshot, takeSnapshot } from './snapshot.ts';

/** Not a whole second, so as not to beat with a schedule of whole seconds. */
const INTERVAL_MS = 970;
/** Two days; a soak keeps its last samples. */
const MAX_SAMPLES = 200_000;

/** Samples host and processes through the whole run. */
export class HostWatch {
  readonly samples: Snapshot[] = [];
  readonly #pids: () => RolePids;
  readonly #hostRoot: string;
  readonly #timer: NodeJS.Timeout;

  /** @param hostRoot in place of /proc, for what is read of the host itself */
  constructor(pids: () => RolePids, hostRoot: string = PROC_ROOT) {
    this.#pids = pids;
    this.#hostRoot = hostRoot;
    this.#timer = setInterval(() => this.take(), INTERVAL_MS);
  }

  take(): Snapshot {
    const snapshot = takeSnapshot(this.#pids(), this.#hostRoot);
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
