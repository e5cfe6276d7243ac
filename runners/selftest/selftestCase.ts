import type { Bench } from './bench.ts';
import type { Row } from './rows.ts';

/** One claim of the harness, put to the test. */
export interface SelftestCase {
  /** For `--only`. */
  readonly name: string;
  readonly title: string;
  /**
   * Claims beside what was measured.
   * @throws Disturbed where the host kept it from showing anything: it is called again
   */
  run(bench: Bench): Promise<Row[]>;
}
