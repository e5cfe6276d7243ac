import { readFileSync, statSync } from 'node:fs';

/** 60,000 tokens of a kilobyte each; fewer tokens than clients are dealt round. */
const MAX_FILE_BYTES = 67_108_864;
/** What may stand in a header, and percent-encoded in a path. */
const TOKEN = /^[!-~]+(?: +[!-~]+)*$/;
const COLUMN = 'token';

/**
 * Tokens of a CSV file (RFC 4180), one for each row: the column `token` where the first row names one, else the first
 * column of every row. Empty lines are skipped.
 * @throws Error that names the line of what is wrong, and never what stands there
 */
export function readTokens(file: string): readonly string[] {
  const { size } = statSync(file);
  if (size > MAX_FILE_BYTES) throw new Error(`it has ${size} bytes, and at most ${MAX_FILE_BYTES} are read`);
  return parseTokens(readFileSync(file, 'utf8'));
}

/**
 * The token of each of a process's slots: the fleet's slot modulo the number of tokens.
 * @throws Error see `readTokens`
 */
export function tokensOfSlots(file: string, firstSlot: number, slots: number): readonly string[] {
  const tokens = readTokens(file);
  // A copy: a part of the file's text would keep all of it.
  return Array.from({ length: slots }, (_, i) =>
    Buffer.from(tokens[(firstSlot + i) % tokens.length]).toString('latin1'),
  );
}

export function parseTokens(text: string): readonly string[] {
  const rows = parseRows(text.replace(/^\uFEFF/, '')).filter(
    ({ fields }) => fields.length > 1 || fields[0].trim() !== '',
  );
  const named = rows[0]?.fields.findIndex((field) => field.trim().toLowerCase() === COLUMN) ?? -1;
  const data = named === -1 ? rows : rows.slice(1);
  if (data.length === 0) throw new Error('it has no tokens');
  return data.map(({ fields, line }) => {
    const token = (fields[Math.max(0, named)] ?? '').trim();
    if (TOKEN.test(token)) return token;
    throw new Error(
      `line ${line}: ${token === '' ? 'there is no token' : 'the token has characters beside those of printable ASCII'}`,
    );
  });
}

interface Row {
  readonly fields: readonly string[];
  /** Where it begins, from 1. */
  readonly line: number;
}

/** A field and what ends it: quoted, where `""` is a quote, or plain up to the next comma or end of line. */
const FIELD = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r?\n|\r|$)/y;

function parseRows(text: string): Row[] {
  const rows: Row[] = [];
  let fields: string[] = [];
  let line = 1;
  let startLine = 1;
  FIELD.lastIndex = 0;
  for (let isEnd = false; !isEnd; ) {
    const match = FIELD.exec(text);
    if (match === null) throw new Error(`line ${line}: a quote out of place`);
    const [whole, quoted, plain, end] = match;
    fields.push(quoted?.replaceAll('""', '"') ?? plain);
    for (let at = whole.indexOf('\n'); at !== -1; at = whole.indexOf('\n', at + 1)) line++;
    isEnd = end === '';
    if (end === ',') continue;
    rows.push({ fields, line: startLine });
    fields = [];
    startLine = line;
  }
  return rows;
}
