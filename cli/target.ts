import type { TargetSettings } from '../contract/config.ts';
import type { Fault } from '../contract/errors.ts';
import { type Given, type GivenOptions, given, givenList, isOn } from './given.ts';
import { choice } from './parse/choice.ts';
import { count } from './parse/count.ts';
import type { Parser } from './parse/parsed.ts';
import { RUN_OPTIONS, type RunOptionKey } from './runOptions.ts';

const protocol = choice(['sse']);
const pid = count({ min: 1, max: 4_194_304 });
const depth = count({ min: 1, max: 1_000 });
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*(.*)$/;
const EXAMPLE = 'an http:// address, such as http://127.0.0.1:9000';

/** Reads the options of a server of the user's own; null where none is named. */
export function readTarget(options: GivenOptions, faults: Fault[]): TargetSettings | null {
  const url = given(options, 'target');
  if (url === undefined) {
    refuseWithoutTarget(options, faults);
    return null;
  }
  const base = readUrl(url, faults);
  if (base !== null && (base.pathname !== '/' || base.search !== '')) {
    faults.push({ ...url, expected: 'the address only; the path of the stream goes into --path' });
  }
  const publishUrl = given(options, 'publishUrl');
  const publish = publishUrl === undefined ? null : readUrl(publishUrl, faults);
  const target = {
    url: base?.origin ?? '',
    protocol: readOr(protocol, given(options, 'protocol'), 'sse', faults),
    path: readPath(given(options, 'path'), faults),
    publishUrl: publishUrl === undefined ? null : String(publishUrl.value),
    polling: 'interval',
    pids: givenList(options, 'pid').flatMap((one) => readOr(pid, one, 0, faults) || []),
    publishDepth: readOr(depth, given(options, 'publishDepth'), 1, faults),
    headers: readHeaders(givenList(options, 'header'), faults),
    allowRemote: isOn(options, 'allowRemote'),
  } as const;
  if (!target.allowRemote) {
    refuseRemote(url, base, faults);
    if (publishUrl !== undefined) refuseRemote(publishUrl, publish, faults);
  }
  return target;
}

/** True for addresses that stay on this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** True where stream or publish address is on another machine. */
export function isRemote(target: TargetSettings): boolean {
  const hosts = [target.url, target.publishUrl].filter((url) => url !== null);
  return hosts.some((url) => !isLoopback(new URL(url).hostname));
}

export function hasTopics(target: TargetSettings): boolean {
  return target.path.includes('{topic}') || (target.publishUrl ?? '').includes('{topic}');
}

function refuseWithoutTarget(options: GivenOptions, faults: Fault[]): void {
  const needTarget: readonly RunOptionKey[] = [
    'protocol',
    'path',
    'publishUrl',
    'publishDepth',
    'pid',
    'header',
    'allowRemote',
  ];
  for (const key of needTarget) {
    const one = given(options, key);
    // The value may be a secret header, and it is not what is wrong.
    if (one !== undefined)
      faults.push({ key: one.key, value: undefined, expected: 'only together with --target' });
  }
}

function readUrl(one: Given, faults: Fault[]): URL | null {
  const text = String(one.value);
  const url = URL.parse(text);
  if (url === null || url.hostname === '' || !['http:', 'https:'].includes(url.protocol)) {
    faults.push({ ...one, expected: EXAMPLE });
    return null;
  }
  if (url.protocol === 'https:') faults.push({ ...one, expected: `${EXAMPLE}; TLS is not spoken yet` });
  if (url.username !== '' || url.password !== '') {
    const expected = "no user and password in the address; use --header 'authorization: …'";
    faults.push({ key: one.key, value: undefined, expected });
  }
  return url;
}

function readPath(one: Given | undefined, faults: Fault[]): string {
  if (one === undefined) return '/events';
  const path = String(one.value);
  if (!/^\/[!-~]*$/.test(path)) {
    faults.push({ ...one, expected: `a path from /, percent-encoded, such as /events?topic={topic}` });
  }
  return path;
}

function readHeaders(list: readonly Given[], faults: Fault[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const one of list) {
    const match = HEADER.exec(String(one.value));
    // The value is left out of the message: it may be a secret.
    if (match === null)
      faults.push({ key: one.key, value: undefined, expected: "'name: value', on one line" });
    else headers[match[1].toLowerCase()] = match[2];
  }
  return headers;
}

function readOr<T>(parse: Parser<T>, one: Given | undefined, fallback: T, faults: Fault[]): T {
  if (one === undefined) return fallback;
  const parsed = parse(one.value);
  if (parsed.ok) return parsed.value;
  faults.push({ ...one, expected: parsed.expected });
  return fallback;
}

function refuseRemote(one: Given, url: URL | null, faults: Fault[]): void {
  if (url === null || isLoopback(url.hostname)) return;
  const flag = RUN_OPTIONS.allowRemote.flag;
  const expected = `a loopback address; for a server elsewhere that you may load, add ${flag}`;
  faults.push({ ...one, expected });
}
