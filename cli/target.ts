import type { LaunchSettings, TargetSettings } from '../contract/config.ts';
import type { Fault } from '../contract/errors.ts';
import { type Given, type GivenOptions, given, givenList, isOn } from './given.ts';
import { choice } from './parse/choice.ts';
import { count } from './parse/count.ts';
import type { Parser } from './parse/parsed.ts';
import { PROTO_KEYS, type ProtoMethods } from './protoMethod.ts';
import { RUN_OPTIONS, type RunOptionKey } from './runOptions.ts';
import {
  baseOf,
  EXAMPLE_ADDRESS,
  isSecure,
  launchedUrl,
  PATH,
  protocolOf,
  readPublishUrl,
  readTargetUrl,
} from './targetAddress.ts';
import { readDriver } from './targetDriver.ts';
import { type GrpcTarget, readGrpcTarget, refuseGrpcOptions } from './targetGrpc.ts';
import { PATHS, PROTOCOLS } from './targetProtocols.ts';
import { checkRequests, readRequests, type TargetRequests } from './targetRequests.ts';
import { readClientSecurity, saysTls, TLS_KEYS } from './tlsFiles.ts';

const protocol = choice(PROTOCOLS);
const pollMode = choice(['interval', 'held']);
const pid = count({ min: 1, max: 4_194_304 });
const depth = count({ min: 1, max: 1_000 });

/** What the options of a target are read from. */
export interface TargetSources extends GivenOptions {
  /** Where files are looked for. @default the process's own */
  readonly cwd?: string;
  /** What `--proto` and its companions say; null: none is named, or it has faults of its own. @default null */
  readonly proto?: ProtoMethods | null;
  /** How the server is started, from the config file; null: it is not. @default null */
  readonly launch?: LaunchSettings | null;
}

/** Reads the options of a server of the user's own; null where none is named. */
export function readTarget(options: TargetSources, faults: Fault[]): TargetSettings | null {
  const url = addressOf(options);
  if (url === undefined) {
    refuseWithoutTarget(options, faults);
    return null;
  }
  const cwd = options.cwd ?? process.cwd();
  const driver = readDriver(options, cwd, faults);
  const said = given(options, 'protocol');
  const base = readTargetUrl(url, driver === null ? said?.value : 'custom', saysTls(options), faults);
  const spoken = driver === null ? readProtocol(url, base, said, faults) : 'custom';
  const polling = readPolling(spoken, given(options, 'pollMode'), faults);
  if (base !== null && (!['', '/'].includes(base.pathname) || base.search !== '')) {
    faults.push({ ...url, expected: 'the address only; the path of the stream goes into --path' });
  }
  const publishUrl = given(options, 'publishUrl');
  const publish = publishUrl === undefined ? null : readPublishUrl(publishUrl, base, faults);
  const requests = readRequests(options, cwd, faults);
  const transport = { cwd, isSecure: base === null || isSecure(base) };
  const target = {
    url: baseOf(base),
    protocol: spoken,
    publishUrl: publish,
    polling,
    pids: readPids(options, faults),
    publishDepth: readOr(depth, given(options, 'publishDepth'), 1, faults),
    ...requests,
    driver,
    launch: options.launch ?? null,
    security: readClientSecurity(options, transport, faults),
    allowRemote: isOn(options, 'allowRemote'),
    ...readPlaces(options, spoken, { polling, ...requests }, faults),
  } as const;
  checkRequests(options, target, faults);
  if (!target.allowRemote) {
    refuseRemote(url, base, faults);
    if (publishUrl !== undefined && publish !== null) refuseRemote(publishUrl, URL.parse(publish), faults);
  }
  return target;
}

/** The address that was given, or where a server that is started will be. */
function addressOf(options: TargetSources): Given | undefined {
  const one = given(options, 'target');
  if (one !== undefined || !options.launch) return one;
  const url = launchedUrl(given(options, 'protocol')?.value, saysTls(options));
  return { key: 'config.target.start', value: url };
}

function readPids(options: TargetSources, faults: Fault[]): number[] {
  const list = givenList(options, 'pid');
  const isLaunched = Boolean(options.launch);
  // The config file's own is told of where it is read.
  for (const { key, value } of isLaunched && !options.file?.has('pid') ? list : []) {
    const expected = 'not together with config.target.start: processes that are started here are known';
    faults.push({ key, value, expected });
  }
  return isLaunched ? [] : list.flatMap((one) => readOr(pid, one, 0, faults) || []);
}

/** What is asked for at the address: a path, or a method of gRPC. */
function readPlaces(
  options: TargetSources,
  spoken: TargetSettings['protocol'],
  { polling, ...requests }: Pick<TargetSettings, 'polling'> & TargetRequests,
  faults: Fault[],
): GrpcTarget {
  if (spoken === 'grpc') return readGrpcTarget(options, options.proto ?? null, requests, faults);
  refuseGrpcOptions(options, faults);
  const byDefault = PATHS[spoken === 'poll' ? polling : spoken];
  return { grpc: null, publishCall: null, path: readPath(given(options, 'path'), byDefault, faults) };
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
  const { path, publishUrl, publishBody, headers, publishHeaders } = target;
  const texts = [path, publishUrl ?? '', publishBody?.template ?? ''];
  const fields = [...Object.values(headers), ...Object.values(publishHeaders)];
  return [...texts, ...fields].some((text) => text.includes('{topic}'));
}

function refuseWithoutTarget(options: GivenOptions, faults: Fault[]): void {
  const needTarget: readonly RunOptionKey[] = [
    'protocol',
    'pollMode',
    'path',
    'publishUrl',
    'publishDepth',
    'pid',
    'header',
    'publishHeader',
    'publishBodyTemplate',
    'tokens',
    'driver',
    'allowRemote',
    'proto',
    ...PROTO_KEYS,
    ...TLS_KEYS,
  ];
  for (const key of needTarget) {
    const one = given(options, key);
    // A bus or an etcd may be elsewhere as well.
    if (key === 'allowRemote' && namesOther(options)) continue;
    // The value may be a secret header, and it is not what is wrong.
    const expected =
      'only together with --target, or with a target in the config file and neither --stage nor --variant';
    if (one !== undefined) faults.push({ key: one.key, value: undefined, expected });
  }
}

function namesOther(options: GivenOptions): boolean {
  const isBus = givenList(options, 'bus').some(({ value }) => String(value).includes('='));
  return isBus || String(given(options, 'discovery')?.value).includes('://');
}

function readProtocol(
  url: Given,
  base: URL | null,
  one: Given | undefined,
  faults: Fault[],
): TargetSettings['protocol'] {
  const byScheme = protocolOf(base);
  const spoken = readOr(protocol, one, byScheme ?? 'sse', faults);
  if (byScheme !== null && spoken !== byScheme) {
    faults.push({ ...url, expected: `${EXAMPLE_ADDRESS}, for protocol ${spoken}` });
  }
  return spoken;
}

function readPolling(
  spoken: TargetSettings['protocol'],
  one: Given | undefined,
  faults: Fault[],
): TargetSettings['polling'] {
  if (one !== undefined && spoken !== 'poll') {
    faults.push({ ...one, expected: 'only together with --protocol poll' });
  }
  return readOr(pollMode, one, 'interval', faults);
}

function readPath(one: Given | undefined, fallback: string, faults: Fault[]): string {
  if (one === undefined) return fallback;
  const path = String(one.value);
  if (!PATH.test(path)) {
    faults.push({ ...one, expected: `a path from /, percent-encoded, such as /events?topic={topic}` });
  }
  return path;
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
