import { isAbsolute, normalize } from 'node:path';
import type { LaunchSettings } from '../contract/config.ts';
import type { Fault } from '../contract/errors.ts';
import { isPlain, optionalText, type Plain } from './configShapes.ts';
import { duration } from './parse/duration.ts';
import { PATH } from './targetAddress.ts';

const READY_MS = 30_000;
const readyTime = duration({ min: 100, max: 3_600_000 });
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * How a server is made and started, out of `config.target`; null where it is not, or has faults.
 * @param root folder of the config file, absolute: what is measured is there, unless somebody checks it out elsewhere
 */
export function readLaunch(target: Plain, root: string, at: string, faults: Fault[]): LaunchSettings | null {
  const text = (key: string): string | null => optionalText(target[key], `${at}.${key}`, faults);
  const launch = {
    install: beforeStart(text('install'), `${at}.install`, faults),
    build: beforeStart(text('build'), `${at}.build`, faults),
    ready: text('ready'),
    env: readEnv(target.env, `${at}.env`, faults),
    cwd: readFolder(text('cwd') ?? '.', `${at}.cwd`, faults),
    folder: root,
    root,
    readyMs: readReadyMs(target.readyTimeout, `${at}.readyTimeout`, faults),
  };
  const start = text('start');
  if (launch.ready !== null && !PATH.test(launch.ready)) {
    const expected = 'a path from /, percent-encoded, such as /healthz';
    faults.push({ key: `${at}.ready`, value: launch.ready, expected });
  }
  if (start === null) return null;
  if (start.trim() === '')
    faults.push({
      key: `${at}.start`,
      value: start,
      expected: "a command, such as './server --port {port}'",
    });
  return { ...launch, start };
}

function beforeStart(command: string | null, key: string, faults: Fault[]): string | null {
  if (command?.includes('{port}')) {
    const expected = 'no {port}: it is chosen for each start; {root} is replaced here';
    faults.push({ key, value: undefined, expected });
  }
  return command;
}

/** Values are never told: they may be secrets. */
function readEnv(value: unknown, at: string, faults: Fault[]): Record<string, string> {
  const env: Record<string, string> = {};
  if (value !== undefined && !isPlain(value))
    faults.push({ key: at, value: undefined, expected: "an object, { NAME: 'value' }" });
  for (const [name, item] of Object.entries(isPlain(value) ? value : {})) {
    const key = `${at}.${name}`;
    if (typeof item !== 'string') faults.push({ key, value: undefined, expected: 'text' });
    else if (!VARIABLE.test(name))
      faults.push({ key, value: undefined, expected: 'a name of A-Z, a-z, 0-9 and _, no digit first' });
    else env[name] = item;
  }
  return env;
}

function readFolder(cwd: string, key: string, faults: Fault[]): string {
  const inside = normalize(cwd);
  if (!isAbsolute(cwd) && inside.split('/')[0] !== '..') return inside;
  faults.push({ key, value: cwd, expected: "a folder inside that of the config file, such as 'server'" });
  return '.';
}

function readReadyMs(value: unknown, key: string, faults: Fault[]): number {
  if (value === undefined) return READY_MS;
  const parsed = readyTime(value);
  if (parsed.ok) return parsed.value;
  faults.push({ key, value, expected: parsed.expected });
  return READY_MS;
}
