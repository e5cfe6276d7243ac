/**
 * Turns by weight, spread evenly: of weights 5, 1, 1 the first is taken as in `0 0 1 0 2 0 0`, never five times running.
 * Source: smooth weighted round robin of nginx (ngx_http_upstream_round_robin.c). Each turn adds its weight to every one,
 * takes the highest, and takes the sum of all weights off it.
 */
export class SmoothWeights {
  readonly #weights: readonly number[];
  readonly #current: number[];
  readonly #total: number;

  /** @param weights at least one, all above 0 */
  constructor(weights: readonly number[]) {
    this.#weights = weights;
    this.#current = weights.map(() => 0);
    this.#total = weights.reduce((sum, weight) => sum + weight, 0);
  }

  /** @returns index of whose turn it is */
  next(): number {
    let highest = 0;
    for (let i = 0; i < this.#current.length; i++) {
      this.#current[i] += this.#weights[i];
      if (this.#current[i] > this.#current[highest]) highest = i;
    }
    this.#current[highest] -= this.#total;
    return highest;
  }
}
