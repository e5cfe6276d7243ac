import { join, resolve } from 'node:path';
import type { Fault } from '../contract/errors.ts';
import type { RunResult } from '../contract/result.ts';
import { type GivenOptions, given } from './given.ts';

/** A result in the format of another tool. */
export interface Export {
  /** Absolute; null: beside the result. */
  readonly file: string | null;
}

const FORMAT = 'prometheus-textfile';
const DEFAULT_FILE = 'metrics.prom';

/** Reads `--export prometheus-textfile[=FILE]`; null where it is not given, or is wrong. */
export function readExport(options: GivenOptions, cwd: string, faults: Fault[]): Export | null {
  const one = given(options, 'export');
  if (one === undefined) return null;
  const [format, ...rest] = String(one.value).split('=');
  const file = rest.join('=');
  if (format !== FORMAT || (rest.length > 0 && file === '')) {
    faults.push({ ...one, expected: `${FORMAT}, or ${FORMAT}=FILE` });
    return null;
  }
  // node_exporter passes over all others.
  if (rest.length > 0 && !file.endsWith('.prom')) {
    faults.push({ ...one, expected: 'a file that ends in .prom, as node_exporter reads no others' });
    return null;
  }
  return { file: rest.length === 0 ? null : resolve(cwd, file) };
}

/**
 * Writes the export of a result.
 * @returns path of the file
 * @throws BenchError where it cannot be written
 */
export async function writeExport({ file }: Export, result: RunResult, directory: string): Promise<string> {
  const { prometheusTextfile } = await import('../reports/export/prometheusTextfile.ts');
  const { writeWhole } = await import('../reports/writeWhole.ts');
  const path = file ?? join(directory, DEFAULT_FILE);
  await writeWhole(path, prometheusTextfile(result));
  return path;
}
