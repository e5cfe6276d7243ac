/**
 * Probability of each number of pairs, 0 to a·b, in which the value of the first sample is the larger one, of two samples of one
 * distribution without ties. Exact: the largest of all values is of the first sample with a/(a+b), and then larger than all b.
 * Source: Mann and Whitney, Annals of Mathematical Statistics 18 (1947), 50-60, their recurrence.
 * @param a size of the first sample
 */
export function rankSumDistribution(a: number, b: number): Float64Array {
  let row: Float64Array[] = Array.from({ length: b + 1 }, () => Float64Array.of(1));
  for (let i = 1; i <= a; i++) {
    const next: Float64Array[] = [Float64Array.of(1)];
    for (let j = 1; j <= b; j++) next.push(mixed(row[j], next[j - 1], i, j));
    row = next;
  }
  return row[b];
}

/** @param larger distribution without one of the first sample, @param smaller without one of the second */
function mixed(larger: Float64Array, smaller: Float64Array, i: number, j: number): Float64Array {
  const chances = new Float64Array(i * j + 1);
  larger.forEach((chance, pairs) => {
    chances[pairs + j] += (chance * i) / (i + j);
  });
  smaller.forEach((chance, pairs) => {
    chances[pairs] += (chance * j) / (i + j);
  });
  return chances;
}
