const NAMES: Readonly<Record<string, string>> = {
  'cut-connections': 'All connections were cut at once',
  'kill-node': 'One server node was killed (SIGKILL)',
  'rolling-restart': 'Every instance drained and was replaced in turn',
};

/** What was broken, as the start of a sentence. */
export function faultName(kind: string): string {
  return NAMES[kind] ?? `A fault (${kind})`;
}
