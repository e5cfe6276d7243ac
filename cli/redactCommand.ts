/** The command line as it may stand in a result: header values, bodies and the password of a bus are secrets and left out. */
export function redactCommand(argv: readonly string[]): readonly string[] {
  return ['bench', ...argv.map((word, i) => redactWord(word, argv[i - 1]))];
}

function redactWord(word: string, before: string | undefined): string {
  for (const [flag, hide] of SECRETS) {
    if (before === flag) return hide(word);
    if (word.startsWith(`${flag}=`)) return `${flag}=${hide(word.slice(flag.length + 1))}`;
  }
  return word;
}

const SECRETS: readonly (readonly [flag: string, hide: (value: string) => string])[] = [
  ['--header', hideValue],
  ['--publish-header', hideValue],
  ['--publish-body-template', () => '…'],
  ['--bus', hideCredentials],
];

function hideValue(header: string): string {
  return `${header.split(':')[0].trim()}: …`;
}

/** `kind=redis://user:password@host?query` becomes `kind=redis://…@host?…`, in each address of a list. */
function hideCredentials(list: string): string {
  // Up to the last @ before the path: a password may hold one.
  return list.replace(/:\/\/[^/\s]*@/g, '://…@').replace(/\?[^,\s]*/g, '?…');
}
