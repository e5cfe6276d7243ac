/** The command line as it may stand in a result: header values are secrets and left out. */
export function redactCommand(argv: readonly string[]): readonly string[] {
  return ['bench', ...argv.map((word, i) => redactWord(word, argv[i - 1]))];
}

function redactWord(word: string, before: string | undefined): string {
  if (before === '--header') return hideValue(word);
  return word.startsWith('--header=') ? `--header=${hideValue(word.slice('--header='.length))}` : word;
}

function hideValue(header: string): string {
  return `${header.split(':')[0].trim()}: …`;
}
