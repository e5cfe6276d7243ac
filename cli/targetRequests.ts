import { resolve } from 'node:path';
import type { TargetSettings } from '../contract/config.ts';
import { isPublishedTo } from '../contract/config.ts';
import { type Fault, messageOf } from '../contract/errors.ts';
import { readTokens } from '../runners/fleet/tokens.ts';
import { type Given, type GivenOptions, given, givenList } from './given.ts';
import { nearest } from './nearest.ts';
import { readPublishBody } from './publishBody.ts';

const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*([\t\x20-\x7e\x80-\xff]*)$/;
/** These say where a request ends. */
const FRAMING = ['content-length', 'transfer-encoding'];
const OF_CLIENT = /\{(?:slot|token)\}/;
const PLACEHOLDERS = ['{topic}', '{slot}', '{token}'];

/** What requests carry beside their addresses. */
export type TargetRequests = Pick<
  TargetSettings,
  'headers' | 'publishHeaders' | 'publishBody' | 'tokensFile' | 'tokens'
>;

/** @param cwd folder that a flag's path is of */
export function readRequests(options: GivenOptions, cwd: string, faults: Fault[]): TargetRequests {
  const headers = readHeaders(givenList(options, 'header'), faults);
  const ofPublishes = givenList(options, 'publishHeader');
  for (const { key, value } of ofPublishes) {
    const expected = 'no {slot} and no {token}: a publish is of no client; {topic} is replaced';
    if (OF_CLIENT.test(String(value))) faults.push({ key, value: undefined, expected });
  }
  // What stands for one client in a header has no meaning in a publish, which goes without that header.
  const shared = Object.entries(headers).filter(([, value]) => !OF_CLIENT.test(value));
  return {
    headers,
    publishHeaders: { ...Object.fromEntries(shared), ...readHeaders(ofPublishes, faults) },
    publishBody: readPublishBody(given(options, 'publishBodyTemplate'), faults),
    ...readTokensFile(given(options, 'tokens'), cwd, faults),
  };
}

/** Placeholders that nothing would replace, and what nothing would use. */
export function checkRequests(options: GivenOptions, target: TargetSettings, faults: Fault[]): void {
  checkPlaceholders(given(options, 'path'), PLACEHOLDERS, faults);
  checkPlaceholders(given(options, 'publishUrl'), ['{topic}'], faults);
  checkTokens(options, target, faults);
  const hasUse = { publishHeader: isPublishedTo(target), publishBodyTemplate: target.publishUrl !== null };
  for (const key of ['publishHeader', 'publishBodyTemplate'] as const) {
    const one = given(options, key);
    if (one === undefined || hasUse[key]) continue;
    faults.push({ key: one.key, value: undefined, expected: 'only together with --publish-url' });
  }
}

/** A misspelt one would go out as it is, in silence. */
function checkPlaceholders(one: Given | undefined, known: readonly string[], faults: Fault[]): void {
  for (const [word] of String(one?.value ?? '').matchAll(/\{\w+\}/g)) {
    if (one === undefined || known.includes(word)) continue;
    faults.push({
      ...one,
      expected: `no ${word}: ${known.join(', ')} is replaced here${nearest(word, known)}`,
    });
  }
}

function checkTokens(options: GivenOptions, target: TargetSettings, faults: Fault[]): void {
  const tokens = given(options, 'tokens');
  const users = [given(options, 'path'), ...givenList(options, 'header')].filter(
    (one) => one !== undefined && String(one.value).includes('{token}'),
  );
  // A driver of the user's own is handed the token of each client.
  if (tokens !== undefined && users.length === 0 && target.driver === null) {
    const expected =
      "together with {token} where it goes, such as --header 'authorization: Bearer {token}' or --path '/events?token={token}'";
    faults.push({ ...tokens, expected });
  }
  for (const one of tokens === undefined ? users : []) {
    if (one === undefined) continue;
    const expected = '{token} only together with --tokens FILE, which has them';
    faults.push({ key: one.key, value: undefined, expected });
  }
}

function readHeaders(list: readonly Given[], faults: Fault[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { key, value } of list) {
    const match = HEADER.exec(String(value));
    const name = match?.[1].toLowerCase() ?? '';
    // The value is left out of the messages: it may be a secret.
    if (match === null)
      faults.push({ key, value: undefined, expected: "'name: value', on one line of Latin-1 text" });
    else if (FRAMING.includes(name))
      faults.push({ key, value: name, expected: 'another header: how long a request is, bench says itself' });
    else headers[name] = match[2];
  }
  return headers;
}

function readTokensFile(
  one: Given | undefined,
  cwd: string,
  faults: Fault[],
): Pick<TargetSettings, 'tokensFile' | 'tokens'> {
  if (one === undefined) return { tokensFile: null, tokens: 0 };
  const tokensFile = resolve(cwd, String(one.value));
  try {
    return { tokensFile, tokens: readTokens(tokensFile).length };
  } catch (error) {
    faults.push({ ...one, expected: `a CSV file of tokens: ${messageOf(error)}` });
    return { tokensFile, tokens: 0 };
  }
}
