import type { Settings } from '../contract/config.ts';
import type { Fault } from '../contract/errors.ts';
import type { BusKind, StageInfo, VariantInfo } from '../contract/pushServer.ts';
import { type GivenOptions, givenList, isOn } from './given.ts';
import { nearest } from './nearest.ts';
import { isLoopback } from './target.ts';

type StageChoice = Settings['stages'][number];

/** What `--bus` says. */
export interface BusChoice {
  readonly kind: BusKind;
  /** null: the run starts one of its own. */
  readonly url: string | null;
}

/** Reads `--bus`: a list of `kind`, or `kind=redis://host:port` for a server that runs already. */
export function readBuses(options: GivenOptions, known: readonly StageInfo[], faults: Fault[]): BusChoice[] {
  const kinds = [...new Set(known.flatMap(({ variants }) => variants.flatMap(busOf)))];
  const taken = new Map<BusKind, string>();
  return givenList(options, 'bus').flatMap((one) => {
    const [word, ...rest] = String(one.value).split('=');
    const kind = kinds.find((each) => each === word);
    if (kind === undefined) {
      const expected = `one of ${kinds.join(', ')}${nearest(word, kinds)}`;
      faults.push({ key: one.key, value: word, expected });
      return [];
    }
    const address = rest.join('=');
    if ((taken.get(kind) ?? address) !== address) {
      faults.push({ key: one.key, value: kind, expected: 'each kind once: a run has one bus of a kind' });
    }
    taken.set(kind, address);
    const url = rest.length === 0 ? null : readUrl(one.key, kind, address, options, faults);
    return [{ kind, url }];
  });
}

/** The addresses of buses that run elsewhere, by kind. */
export function busAddresses(buses: readonly BusChoice[]): Settings['buses'] {
  return Object.fromEntries(buses.filter(({ url }) => url !== null).map(({ kind, url }) => [kind, url]));
}

/**
 * Takes each chosen stage whose nodes have a bus between them to its variants with the named buses;
 * the other stages stay as they are.
 */
export function onBuses(
  chosen: readonly StageChoice[],
  buses: readonly BusChoice[],
  known: readonly StageInfo[],
  faults: Fault[],
): readonly StageChoice[] {
  if (buses.length === 0) return chosen;
  const kinds = buses.map(({ kind }) => kind);
  const taken = chosen.flatMap((choice): readonly StageChoice[] => {
    const variants = known.find(({ name }) => name === choice.stage)?.variants ?? [];
    const named = variants.find(({ name }) => name === choice.variant);
    if (named === undefined || named.capabilities.bus === null) return [choice];
    return kinds.flatMap((kind) => variantOn(kind, variants)).map((variant) => ({ ...choice, variant }));
  });
  const hasBus = taken.some((choice) => !chosen.includes(choice));
  if (!hasBus && chosen.length > 0) {
    const names = known.filter(({ variants }) => variants.flatMap(busOf).length > 0).map(({ name }) => name);
    const expected = `only together with a stage whose nodes have a bus: --stage ${names.join(', ')}`;
    faults.push({ key: '--bus', value: kinds.join(','), expected });
  }
  const seen = new Set<string>();
  return taken.filter(({ stage, variant }) => {
    const name = `${stage}:${variant}`;
    return !seen.has(name) && seen.add(name);
  });
}

function busOf({ capabilities }: VariantInfo): readonly BusKind[] {
  return capabilities.bus === null ? [] : [capabilities.bus];
}

function variantOn(kind: BusKind, variants: readonly VariantInfo[]): readonly string[] {
  const fitting = variants.filter(({ capabilities }) => capabilities.bus === kind);
  const chosen = fitting.find(({ isDefault }) => isDefault) ?? fitting[0];
  return chosen === undefined ? [] : [chosen.name];
}

/** The address may hold a password, so no fault repeats it. */
function readUrl(
  key: string,
  kind: BusKind,
  text: string,
  options: GivenOptions,
  faults: Fault[],
): string | null {
  const refuse = (expected: string): null => {
    faults.push({ key, value: kind, expected });
    return null;
  };
  if (kind === 'embedded') return refuse('no address: the embedded bus is part of the run');
  const url = URL.parse(text);
  if (url === null || url.protocol !== 'redis:' || url.hostname === '') {
    return refuse(`an address such as ${kind}=redis://127.0.0.1:6379`);
  }
  if (!isLoopback(url.hostname) && !isOn(options, 'allowRemote')) {
    return refuse('a loopback address; for a bus elsewhere that you may load, add --allow-remote');
  }
  return text;
}
