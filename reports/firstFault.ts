/** What typebox compiles of a schema, as far as it is needed here. */
interface Validator {
  Errors(data: unknown): Iterable<{ readonly instancePath: string; readonly message: string }>;
}

/** The fault that lies deepest, since the branches of a union each report one at their own depth. */
export function firstFault(validator: Validator, data: unknown): string {
  const faults = [...validator.Errors(data)];
  const deepest = faults.reduce(
    (best, fault) => (fault.instancePath.length > best.instancePath.length ? fault : best),
    faults[0] ?? { instancePath: '', message: 'unknown fault' },
  );
  return `${deepest.instancePath || '/'}: ${deepest.message}`;
}
