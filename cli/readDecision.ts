import type { DecisionConfig } from '../contract/config.ts';
import type { Fault } from '../contract/errors.ts';
import { CRITERIA, type CriterionName, type Decision, type Judgement } from '../reports/adr/decision.ts';
import { STAGES } from '../servers/registry.ts';
import { objectOf, optionalText, type Plain, refuseUnknown } from './configShapes.ts';
import { nearest } from './nearest.ts';
import { count } from './parse/count.ts';
import { decimal } from './parse/decimal.ts';
import { duration } from './parse/duration.ts';
import type { Parser } from './parse/parsed.ts';
import { rate } from './parse/rate.ts';
import { size } from './parse/size.ts';

const AT = 'config.decision';
const KEYS: readonly (keyof DecisionConfig)[] = ['traffic', 'weights', 'operability', 'migration', 'node'];
const MOST_MONEY = 1_000_000_000;

/** Checks `decision` of a config file; every fault is added. */
export function readDecision(value: unknown, faults: Fault[]): Decision {
  const decision = objectOf(value, AT, faults);
  refuseUnknown(decision, KEYS, AT, faults);
  return {
    traffic: readTraffic(part(decision, 'traffic', TRAFFIC, faults), faults),
    weights: readWeights(decision.weights, faults),
    operability: readOperability(decision.operability, faults),
    migration: readMigration(decision.migration, faults),
    node: readNode(part(decision, 'node', NODE, faults), faults),
  };
}

const TRAFFIC = ['users', 'peakShare', 'connections', 'messagesPerSecond', 'fanOut', 'payloadBytes'];
const NODE = ['cores', 'memoryGiB', 'gbitPerSecond', 'usableShare', 'reconnectWithin'];

interface Part {
  readonly at: string;
  readonly values: Plain;
}

function part(decision: Plain, key: string, known: readonly string[], faults: Fault[]): Part {
  const at = `${AT}.${key}`;
  const values = objectOf(decision[key], at, faults);
  refuseUnknown(values, known, at, faults);
  return { at, values };
}

function read(one: Part, key: string, parse: Parser<number>, faults: Fault[]): number | null {
  const value = one.values[key];
  if (value === undefined) return null;
  const parsed = parse(value);
  if (parsed.ok) return parsed.value;
  faults.push({ key: `${one.at}.${key}`, value, expected: parsed.expected });
  return null;
}

/** A number that 0 makes no sense for. */
function above0(max: number): Parser<number> {
  return (input) => {
    const parsed = decimal({ min: 0, max })(input);
    return parsed.ok && parsed.value > 0
      ? parsed
      : { ok: false, expected: `a number above 0, up to ${max.toLocaleString('en')}` };
  };
}

function readTraffic(given: Part, faults: Fault[]): Decision['traffic'] {
  const people = count({ min: 1, max: 10_000_000_000 });
  const take = (key: string, parse: Parser<number>) => read(given, key, parse, faults);
  const traffic = {
    users: take('users', people),
    peakShare: take('peakShare', above0(1)),
    connections: take('connections', people),
    messagesPerSecond: take('messagesPerSecond', rate({ min: 0, max: 1_000_000_000 })),
    fanOut: take('fanOut', count({ min: 1, max: 10_000_000_000 })),
    payloadBytes: take('payloadBytes', size({ min: 1, max: 1_073_741_824 })),
  };
  const fault = (key: string, value: unknown, expected: string) =>
    faults.push({ key: `${given.at}.${key}`, value, expected });
  if (traffic.users !== null && traffic.connections !== null)
    fault('connections', given.values.connections, 'not given beside users: they are users × peakShare');
  if (traffic.peakShare !== null && traffic.users === null)
    fault('peakShare', given.values.peakShare, 'a share of users, which are not given');
  const connections =
    traffic.connections ?? (traffic.users === null ? null : traffic.users * (traffic.peakShare ?? 1));
  if (connections !== null && traffic.fanOut !== null && traffic.fanOut > connections)
    fault('fanOut', given.values.fanOut, `at most the ${connections} connections: a message reaches no more`);
  return traffic;
}

function readWeights(value: unknown, faults: Fault[]): Decision['weights'] {
  if (value === undefined) return null;
  const at = `${AT}.weights`;
  const values = objectOf(value, at, faults);
  refuseUnknown(values, CRITERIA, at, faults);
  const weight = decimal({ min: 0, max: 1_000_000 });
  const before = faults.length;
  // What is not named does not count: a table of weights is read as it stands.
  const of = (name: CriterionName) => read({ at, values }, name, weight, faults) ?? 0;
  const weights = {
    latency: of('latency'),
    memory: of('memory'),
    cost: of('cost'),
    operability: of('operability'),
  };
  // What could not be read is told already.
  if (faults.length === before && CRITERIA.every((name) => weights[name] === 0))
    faults.push({ key: at, value, expected: 'at least one weight above 0' });
  return weights;
}

function readOperability(value: unknown, faults: Fault[]): ReadonlyMap<string, Judgement> {
  const judgements = new Map<string, Judgement>();
  for (const [name, item] of Object.entries(objectOf(value, `${AT}.operability`, faults))) {
    const at = `${AT}.operability.${name}`;
    refuseUnknownOption(name, at, faults);
    const values = objectOf(item, at, faults);
    refuseUnknown(values, ['score', 'why'], at, faults);
    const score = read({ at, values }, 'score', decimal({ min: 0, max: 10 }), faults);
    const why = optionalText(values.why, `${at}.why`, faults);
    if (values.score === undefined)
      faults.push({
        key: `${at}.score`,
        value: undefined,
        expected: 'a number from 0 (hardest) to 10 (easiest)',
      });
    if (why === null || why.trim() === '')
      faults.push({
        key: `${at}.why`,
        value: values.why,
        expected: 'your reason: a judgement without one convinces nobody',
      });
    else if (score !== null) judgements.set(name, { score, why });
  }
  return judgements;
}

function readMigration(value: unknown, faults: Fault[]): Decision['migration'] {
  const at = `${AT}.migration`;
  const values = objectOf(value, at, faults);
  refuseUnknown(values, ['from', 'personDays', 'ratePerDay'], at, faults);
  const from = optionalText(values.from, `${at}.from`, faults);
  if (from !== null) refuseUnknownOption(from, `${at}.from`, faults, from);
  const days = { at: `${at}.personDays`, values: objectOf(values.personDays, `${at}.personDays`, faults) };
  const personDays = new Map<string, number>();
  for (const name of Object.keys(days.values)) {
    refuseUnknownOption(name, `${days.at}.${name}`, faults);
    const given = read(days, name, decimal({ min: 0, max: 1_000_000 }), faults);
    if (given !== null) personDays.set(name, given);
  }
  return {
    from,
    personDays,
    ratePerDay: read({ at, values }, 'ratePerDay', decimal({ min: 0, max: MOST_MONEY }), faults),
  };
}

function readNode(given: Part, faults: Fault[]): Decision['node'] {
  const take = (key: string, parse: Parser<number>) => read(given, key, parse, faults);
  return {
    cores: take('cores', count({ min: 1, max: 4_096 })),
    memoryGiB: take('memoryGiB', above0(1_000_000)),
    gbitPerSecond: take('gbitPerSecond', above0(1_000_000)),
    // The rest is what a reconnect storm has: without any it would never end.
    usableShare: take('usableShare', above0(0.95)),
    reconnectWithinMs: take('reconnectWithin', duration({ min: 1_000, max: 86_400_000 })),
  };
}

/** Names of options are those of stages, with or without a variant. */
function refuseUnknownOption(name: string, key: string, faults: Fault[], value?: string): void {
  const known = STAGES.flatMap((stage) => [
    stage.name,
    ...stage.variants.map((variant) => `${stage.name}:${variant.name}`),
  ]);
  if (known.includes(name)) return;
  const stages = STAGES.map((stage) => stage.name).join(', ');
  faults.push({
    key,
    value,
    expected: `a stage (${stages}) or stage:variant${nearest(name, known)}`,
  });
}
