/** Uses a given amount of CPU time, not of wall time: what preempts the process takes nothing off it. */
export class Burner {
  readonly #cpuUs: () => number;
  #owedUs = 0;

  /** @param readUs CPU time so far, microseconds */
  constructor(readUs = cpuUs) {
    this.#cpuUs = readUs;
  }

  /** @param us microseconds; what was burned beyond them is taken off the next time, so that the sum is exact */
  burn(us: number): void {
    this.#owedUs += us;
    const fromUs = this.#cpuUs();
    let burnedUs = 0;
    while (burnedUs < this.#owedUs) burnedUs = this.#cpuUs() - fromUs;
    this.#owedUs -= burnedUs;
  }
}

/** Of all threads: that of one thread alone moves in steps of 1 ms here, and the others hardly work meanwhile. */
function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
