import type { LaunchSettings, TargetSettings } from '../../contract/config.ts';
import { secretsIn } from '../fleet/hideSecrets.ts';

/** Shorter values are words that stand in any output: to replace them would hide what is no secret. */
const LEAST_SECRET = 4;
/** An assignment before a command, `KEY=value ./server`; a value may be put together of quoted, escaped and bare pieces. */
const ASSIGNMENT = /(^|[\s;&|(])([A-Za-z_]\w*)=((?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s;&|)"'\\])*)/gs;
const PLACEHOLDER = /\{(?:port|root)\}/g;
const OPEN_VALUE = /^(\{port\}|\d{1,5})$/;

/** What stands for the placeholders of a command; port null: there is none yet. */
export interface Places {
  readonly port: number | null;
  readonly root: string;
}

/** A command, or a value of the environment, with its placeholders filled. */
export function filled(text: string, { port, root }: Places): string {
  const rooted = text.replaceAll('{root}', () => root);
  return port === null ? rooted : rooted.replaceAll('{port}', () => String(port));
}

/** Environment of a command: that of `bench`, and what is given. Without a port nothing that names it. */
export function environmentOf({ env, root }: LaunchSettings, port: number | null): NodeJS.ProcessEnv {
  const given = Object.entries(env)
    .filter(([, value]) => port !== null || !value.includes('{port}'))
    .map(([name, value]) => [name, filled(value, { port, root })]);
  return { ...process.env, ...Object.fromEntries(given), ...(port === null ? {} : { PORT: String(port) }) };
}

/** A command as it may be shown: what it sets in its environment may be a secret, but for placeholders and ports. */
export function shownCommand(command: string): string {
  return command.replace(ASSIGNMENT, (whole, before: string, name: string, value: string) =>
    OPEN_VALUE.test(value) ? whole : `${before}${name}=…`,
  );
}

/** What a server said, less the values that were given to it: by their names. @param places that its environment was filled with */
export function withoutSecrets(
  text: string,
  { launch, headers, publishHeaders }: Pick<TargetSettings, 'launch' | 'headers' | 'publishHeaders'>,
  places: Places,
): string {
  const named = [
    // Where a placeholder is all that there is, it is no secret.
    ...Object.entries(launch?.env ?? {})
      .filter(([, value]) => value.replace(PLACEHOLDER, '').length >= LEAST_SECRET)
      .map(([name, value]): [string, string] => [name, filled(value, places)]),
    ...[headers, publishHeaders]
      .flatMap(Object.entries<string>)
      .flatMap(([name, value]) => secretsIn({ [name]: value }).map((part): [string, string] => [name, part])),
  ];
  const secrets = named.filter(([, value]) => value.length >= LEAST_SECRET);
  // The longest first: one may be part of another.
  secrets.sort(([, a], [, b]) => b.length - a.length);
  return secrets.reduce((shown, [name, value]) => shown.replaceAll(value, () => `[${name}]`), text);
}
