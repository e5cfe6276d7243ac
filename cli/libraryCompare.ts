import type { ComparisonJson } from '../contract/comparison.ts';
import { UsageError } from '../contract/errors.ts';
import type { ComparedResult } from '../contract/library.ts';
import type { RunResult } from '../contract/result.ts';
import { compareSources } from '../reports/compare/comparison.ts';
import { comparisonJson } from '../reports/compare/comparisonJson.ts';

/** What `compare()` of the library does. */
export function compareResults(results: readonly (RunResult | ComparedResult)[]): ComparisonJson {
  const sources = results.map((one, i) => {
    const name = results.length === 1 ? '' : `result ${i + 1}`;
    return 'result' in one ? one : { name, result: one };
  });
  const empty = sources.findIndex(({ result }) => result.runs.length === 0);
  if (sources.length > 0 && empty < 0) return comparisonJson(compareSources(sources));
  const key = empty < 0 ? 'results' : `results[${empty}]`;
  throw new UsageError(
    [{ key, value: undefined, expected: 'results with at least one run each' }],
    'Take results that run() finished, or that readResult() read.',
  );
}
