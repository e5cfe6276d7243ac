/** An object of unknown fields. */
export type Fields = Record<string, unknown>;

/**
 * Lifts a result to a version, run by run. Whatever is not of the old shape stays as it is, for the reader to name.
 * @param liftRun is called for the runs that are objects
 */
export function liftRuns(data: unknown, schemaVersion: number, liftRun: (run: Fields) => unknown): unknown {
  if (!isObject(data)) return data;
  const { runs } = data;
  const lifted = Array.isArray(runs)
    ? runs.map((run: unknown) => (isObject(run) ? liftRun(run) : run))
    : runs;
  return { ...data, schemaVersion, runs: lifted };
}

/** The object with fields that it may lack; what is no object stays as it is. */
export function withFields(fields: Fields, value: unknown): unknown {
  return isObject(value) ? { ...fields, ...value } : value;
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
