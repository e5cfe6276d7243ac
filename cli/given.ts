import { Option } from 'commander';
import { RUN_OPTIONS, type RunOption, type RunOptionKey } from './runOptions.ts';

/** What commander makes of the flags: undefined where a flag is absent. */
export type Flags = Readonly<Record<string, unknown>>;
export type Environment = Readonly<Record<string, string | undefined>>;

/** A value as the user gave it, and the name under which it was given. */
export interface Given {
  readonly key: string;
  readonly value: unknown;
}

/** Where a value stands: flags come before the environment, and that before the config file. */
export interface GivenOptions {
  readonly flags: Flags;
  readonly env: Environment;
  /** What the config file says of the server, by the key of the option. @default nothing */
  readonly file?: ReadonlyMap<string, Given>;
}

/** `--connect-rate` of `--connect-rate <rate>`. */
export function longFlag(flag: string): string {
  return flag.split(' ')[0];
}

export function givenBy(
  { flags, env }: GivenOptions,
  option: { readonly flag: string | null; readonly env: string | null },
): Given | undefined {
  if (option.flag !== null) {
    const value = flags[new Option(option.flag).attributeName()];
    if (value !== undefined) return { key: longFlag(option.flag), value };
  }
  // An empty variable is one that somebody unset.
  const variable = option.env === null ? undefined : env[option.env];
  return option.env === null || !variable ? undefined : { key: option.env, value: variable };
}

/** The value of one option of `bench run`, if it was given. */
export function given(options: GivenOptions, key: RunOptionKey): Given | undefined {
  return givenBy(options, RUN_OPTIONS[key]) ?? options.file?.get(key);
}

/** All values of an option that may be repeated, lists in text taken apart. */
export function givenList(options: GivenOptions, key: RunOptionKey): readonly Given[] {
  const one = given(options, key);
  if (one === undefined) return [];
  const { repeatable }: RunOption = RUN_OPTIONS[key];
  const isFlag = Array.isArray(one.value);
  const isFile = one === options.file?.get(key);
  const values: readonly unknown[] = Array.isArray(one.value) ? one.value : [one.value];
  const isList = !isFile && repeatable !== undefined && (repeatable.flagIsList || !isFlag);
  return values
    .flatMap((value) =>
      isList && typeof value === 'string' ? value.split(repeatable.variableSplitAt) : [value],
    )
    .map((value) => ({ key: one.key, value: typeof value === 'string' ? value.trim() : value }));
}

/** A switch: the flag, or 1 / true in the environment. */
export function isOn(options: GivenOptions, key: RunOptionKey): boolean {
  const one = given(options, key);
  return one !== undefined && one.value !== false && one.value !== '0' && one.value !== 'false';
}
