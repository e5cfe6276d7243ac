/** How many connections are due to be replaced, at an even pace. */
export class Churn {
  #perSecond = 0;
  #fromUs = 0;
  #taken = 0;

  /** @param fromUs microseconds of the monotonic clock */
  begin(perSecond: number, fromUs: number): void {
    this.#perSecond = perSecond;
    this.#fromUs = fromUs;
    this.#taken = 0;
  }

  /** Those that came due since it was asked last. */
  takeDue(nowUs: number): number {
    const due = Math.floor(((nowUs - this.#fromUs) * this.#perSecond) / 1e6) - this.#taken;
    this.#taken += due;
    return due;
  }
}
