import type { Mutation } from './mutations.ts';

/**
 * The source with the defect in it.
 * @throws Error where the text to replace is not there exactly once: a mutation that changes nothing, or something else,
 * would prove nothing
 */
export function mutated(source: string, { name, file, find, replace }: Mutation): string {
  const parts = source.split(find);
  if (parts.length !== 2) {
    const times = parts.length - 1;
    throw new Error(`mutation ${name}: its text occurs ${times} times in ${file}, not once:\n${find}`);
  }
  return parts.join(replace);
}
