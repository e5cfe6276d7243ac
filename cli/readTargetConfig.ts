import { resolve } from 'node:path';
import type { LaunchSettings, TargetConfig } from '../contract/config.ts';
import type { Fault } from '../contract/errors.ts';
import { isPlain, objectOf, type Plain, refuseUnknown } from './configShapes.ts';
import { type Given, type GivenOptions, given } from './given.ts';
import { readLaunch } from './readLaunch.ts';

const AT = 'config.target';

/** Every key that says of a server what an option of `bench run` says as well, and that option. */
const OPTION_OF = {
  url: 'target',
  pid: 'pid',
  protocol: 'protocol',
  pollMode: 'pollMode',
  path: 'path',
  publish: 'publishUrl',
  publishDepth: 'publishDepth',
  headers: 'header',
  publishHeaders: 'publishHeader',
  publishBodyTemplate: 'publishBodyTemplate',
  tokens: 'tokens',
  driver: 'driver',
  proto: 'proto',
  protoPath: 'protoPath',
  method: 'method',
  dataField: 'dataField',
  topicField: 'topicField',
  idField: 'idField',
  lastIdField: 'lastIdField',
  publishMethod: 'publishMethod',
  publishField: 'publishField',
  tlsCa: 'tlsCa',
  tlsCert: 'tlsCert',
  tlsKey: 'tlsKey',
  tlsServerName: 'tlsServerName',
} as const satisfies Readonly<Record<Exclude<keyof TargetConfig, keyof LaunchKeys>, string>>;
type OptionKey = keyof typeof OPTION_OF;

/** Those of a server that is started. */
type LaunchKeys = Pick<
  TargetConfig,
  'install' | 'build' | 'start' | 'ready' | 'readyTimeout' | 'env' | 'cwd'
>;
const LAUNCH_KEYS = [
  'install',
  'build',
  'start',
  'ready',
  'readyTimeout',
  'env',
  'cwd',
] as const satisfies readonly (keyof LaunchKeys)[];
/** Files are looked for beside the config file, wherever `bench` is called. */
const FILES: readonly OptionKey[] = ['tokens', 'driver', 'proto', 'protoPath', 'tlsCa', 'tlsCert', 'tlsKey'];
/** What stands there may be a secret. */
const SECRET: readonly OptionKey[] = ['headers', 'publishHeaders', 'publishBodyTemplate'];
const KEYS: readonly string[] = [...LAUNCH_KEYS, ...Object.keys(OPTION_OF)];

/** Flags, environment, and the config file they go before. */
export interface ConfiguredOptions extends GivenOptions {
  /** Default export of the config file; {} where there is none. */
  readonly config: unknown;
  /** Folder of the config file. @default the process's own */
  readonly configFolder?: string;
}

/** What `config.target` adds to flags and environment. */
export interface WithTarget {
  /** The server that is started; null: none is. */
  readonly launch: LaunchSettings | null;
}

/**
 * Lays `config.target` under flags and environment, so that one reading serves them all. It says nothing where a stage,
 * a variant or another address is named there. Its shape is checked in any case.
 */
export function withConfigTarget<T extends ConfiguredOptions>(sources: T, faults: Fault[]): T & WithTarget {
  const whole = isPlain(sources.config) ? sources.config : {};
  if (whole.target === undefined) return { ...sources, launch: null };
  const root = resolve(sources.configFolder ?? process.cwd());
  const target = objectOf(whole.target, AT, faults);
  refuseUnknown(target, KEYS, AT, faults);
  const file = new Map<string, Given>();
  for (const key of Object.keys(OPTION_OF) as OptionKey[]) {
    const one = readOption(key, target[key], root, faults);
    if (one !== null) file.set(OPTION_OF[key], one);
  }
  const launch = readLaunch(target, root, AT, faults);
  checkWay(target, faults);
  if (whole.stages !== undefined) {
    const expected = `not together with ${AT}, which stands in their place; reference servers are named by --stage then`;
    faults.push({ key: 'config.stages', value: whole.stages, expected });
  }
  const isOther = (['stage', 'variant', 'target'] as const).some((key) => given(sources, key) !== undefined);
  // One without an address is at fault as a whole: its other keys are not told one by one.
  const isTarget = launch !== null || file.has('target');
  return isOther || !isTarget ? { ...sources, launch: null } : { ...sources, file, launch };
}

/** Either it is started, or it runs already. */
function checkWay(target: Plain, faults: Fault[]): void {
  const { start, url } = target;
  if (start === undefined && url === undefined) {
    const expected = `start, such as './server --port {port}', or url, the address of a server that runs`;
    faults.push({ key: AT, value: undefined, expected });
  }
  if (start !== undefined && url !== undefined)
    faults.push({
      key: `${AT}.url`,
      value: url,
      expected: `not together with ${AT}.start: its port is chosen`,
    });
  if (start !== undefined && target.pid !== undefined) {
    const expected = `not together with ${AT}.start: processes that are started here are known`;
    faults.push({ key: `${AT}.pid`, value: target.pid, expected });
  }
  for (const key of LAUNCH_KEYS) {
    if (target[key] === undefined || start !== undefined) continue;
    faults.push({ key: `${AT}.${key}`, value: undefined, expected: `only together with ${AT}.start` });
  }
}

/** The value as the option's own flag would have it. */
function readOption(key: OptionKey, value: unknown, root: string, faults: Fault[]): Given | null {
  if (value === undefined) return null;
  const one = { key: `${AT}.${key}`, value };
  if (key === 'headers' || key === 'publishHeaders') return readHeaders(one, faults);
  const list = (key === 'pid' || key === 'protoPath') && Array.isArray(value) ? value : [value];
  const isNumber = key === 'pid' || key === 'publishDepth';
  // How large a number may be, the option's own rules say.
  if (!list.every((item) => typeof item === 'string' || (isNumber && typeof item === 'number'))) {
    const shown = SECRET.includes(key) ? undefined : value;
    faults.push({ ...one, value: shown, expected: isNumber ? 'a whole number' : 'text' });
    return null;
  }
  const found = FILES.includes(key) ? list.map((item) => resolve(root, String(item))) : list;
  return { key: one.key, value: Array.isArray(value) ? found : found[0] };
}

/** `{ name: 'value' }` as the lines that a flag gives. */
function readHeaders({ key, value }: Given, faults: Fault[]): Given {
  const lines: string[] = [];
  if (!isPlain(value)) faults.push({ key, value: undefined, expected: "an object, { name: 'value' }" });
  for (const [name, text] of Object.entries(isPlain(value) ? value : {})) {
    if (typeof text === 'string') lines.push(`${name}: ${text}`);
    else faults.push({ key: `${key}.${name}`, value: undefined, expected: 'text' });
  }
  return { key, value: lines };
}
