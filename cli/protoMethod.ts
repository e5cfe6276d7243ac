import { resolve } from 'node:path';
import type { Type } from 'protobufjs';
import type { PublishCall } from '../contract/config.ts';
import { type Fault, messageOf } from '../contract/errors.ts';
import type { GrpcMethod } from '../contract/grpc.ts';
import { type Given, type GivenOptions, given, givenList } from './given.ts';
import { nearest } from './nearest.ts';
import { type FieldRule, fieldNames, fieldPath } from './protoFields.ts';
import type { Rpc } from './protoFile.ts';
import type { RunOptionKey } from './runOptions.ts';

/** How clients of somebody else's gRPC service subscribe, and how messages are published to it. */
export interface ProtoMethods {
  readonly grpc: GrpcMethod;
  /** null: not by calls. */
  readonly publishCall: PublishCall | null;
}

/** Options that only mean something beside `--proto`. */
export const PROTO_KEYS = [
  'protoPath',
  'method',
  'dataField',
  'topicField',
  'idField',
  'lastIdField',
  'publishMethod',
  'publishField',
] as const satisfies RunOptionKey[];
type ProtoKey = (typeof PROTO_KEYS)[number];

const DATA: FieldRule = { types: ['string', 'bytes'], mayNest: false, mayRepeat: false };
/** One message is a list of one. */
const PUBLISHED_DATA: FieldRule = { ...DATA, mayRepeat: true };
const TOPIC: FieldRule = { types: ['string'], mayNest: true, mayRepeat: false };
/** Those whose encoding is a plain varint, as ids are read and written. */
const LAST_ID: FieldRule = {
  types: ['uint64', 'int64', 'uint32', 'int32'],
  mayNest: true,
  mayRepeat: false,
};
const ID: FieldRule = { ...LAST_ID, mayNest: false };

/**
 * Resolves `--proto` and its companions to paths and field numbers, so that no other process parses a `.proto`.
 * @returns null where none is named, or where faults were added
 */
export async function readProtoMethods(
  options: GivenOptions,
  cwd: string,
  faults: Fault[],
): Promise<ProtoMethods | null> {
  const file = given(options, 'proto');
  if (file === undefined) return null;
  const rpcs = await readRpcs(file, givenList(options, 'protoPath'), cwd, faults);
  if (rpcs === null) return null;
  const found: Fault[] = [];
  const grpc = subscriptionOf(options, file, rpcs, found);
  const publishCall = publishCallOf(options, rpcs, found);
  faults.push(...found);
  return grpc === null || found.length > 0 ? null : { grpc, publishCall };
}

async function readRpcs(
  file: Given,
  folders: readonly Given[],
  cwd: string,
  faults: Fault[],
): Promise<readonly Rpc[] | null> {
  const paths = folders.map(({ value }) => resolve(cwd, String(value)));
  try {
    // Loaded on demand: only a run against somebody else's service needs a parser of `.proto`.
    const { loadRpcs } = await import('./protoFile.ts');
    return await loadRpcs(resolve(cwd, String(file.value)), paths);
  } catch (error) {
    const expected = `a .proto file that can be read, its imports beside it or in a --proto-path: ${messageOf(error)}`;
    faults.push({ ...file, expected });
    return null;
  }
}

function subscriptionOf(
  options: GivenOptions,
  file: Given,
  rpcs: readonly Rpc[],
  faults: Fault[],
): GrpcMethod | null {
  const streaming = rpcs.filter(({ streamsAnswer }) => streamsAnswer);
  const one = given(options, 'method');
  if (one === undefined) {
    faults.push({ ...file, expected: `together with --method: ${listOf(streaming)}` });
    return null;
  }
  const rpc = findRpc(one, streaming, 'a method that streams its answers', faults);
  if (rpc === null) return null;
  const data = requiredField(options, { key: 'dataField', of: one, type: rpc.answer, rule: DATA }, faults);
  const id = optionalField(options, { key: 'idField', type: rpc.answer, rule: ID }, faults);
  return {
    kind: rpc.streamsRequest ? 'bidi' : 'server-stream',
    path: `/${rpc.name}`,
    topicField: optionalField(options, { key: 'topicField', type: rpc.request, rule: TOPIC }, faults),
    lastIdField: optionalField(options, { key: 'lastIdField', type: rpc.request, rule: LAST_ID }, faults),
    dataField: data,
    idField: id?.[0] ?? null,
    kindField: null,
    say: null,
  };
}

function publishCallOf(options: GivenOptions, rpcs: readonly Rpc[], faults: Fault[]): PublishCall | null {
  const one = given(options, 'publishMethod');
  if (one === undefined) {
    const field = given(options, 'publishField');
    if (field !== undefined) faults.push({ ...field, expected: 'only together with --publish-method' });
    return null;
  }
  const unary = rpcs.filter(({ streamsRequest, streamsAnswer }) => !streamsRequest && !streamsAnswer);
  const rpc = findRpc(one, unary, 'a unary method', faults);
  if (rpc === null) return null;
  const field = { key: 'publishField', of: one, type: rpc.request, rule: PUBLISHED_DATA } as const;
  const data = requiredField(options, field, faults);
  return { path: `/${rpc.name}`, fields: { topic: publishTopicOf(options, rpc.request), data } };
}

/** The field of the same name as that of the subscription, where the request has one. */
function publishTopicOf(options: GivenOptions, request: Type): number | null {
  const name = String(given(options, 'topicField')?.value ?? '');
  const path = fieldPath(request, name.split('.').at(-1) ?? '', { ...TOPIC, mayNest: false });
  return path?.[0] ?? null;
}

function findRpc(one: Given, among: readonly Rpc[], what: string, faults: Fault[]): Rpc | null {
  const text = String(one.value);
  const name = asDotted(text);
  const found = among.find((rpc) => asDotted(rpc.name) === name);
  if (found !== undefined) return found;
  const names = among.map((rpc) => rpc.name);
  faults.push({ ...one, expected: `${what}: ${listOf(among)}${nearest(text, names)}` });
  return null;
}

/** `/package.Service/Method` and `package.Service.Method` are meant alike. */
function asDotted(name: string): string {
  return name.replace(/^\//, '').replace('/', '.');
}

function listOf(rpcs: readonly Rpc[]): string {
  return rpcs.length === 0 ? 'the file has none' : `one of ${rpcs.map(({ name }) => name).join(', ')}`;
}

interface Wanted {
  readonly key: ProtoKey;
  readonly type: Type;
  readonly rule: FieldRule;
}

/** The number of a field that has to be named. */
function requiredField(
  options: GivenOptions,
  wanted: Wanted & { readonly of: Given },
  faults: Fault[],
): number {
  const path = optionalField(options, wanted, faults);
  if (given(options, wanted.key) === undefined) {
    const flag = wanted.key === 'dataField' ? '--data-field' : '--publish-field';
    faults.push({ ...wanted.of, expected: `together with ${flag}: ${fieldNames(wanted.type, wanted.rule)}` });
  }
  // Without a path there is a fault, and the number goes nowhere.
  return path?.[0] ?? 0;
}

function optionalField(options: GivenOptions, { key, type, rule }: Wanted, faults: Fault[]): number[] | null {
  const one = given(options, key);
  if (one === undefined) return null;
  const path = fieldPath(type, String(one.value), rule);
  if (path === null) faults.push({ ...one, expected: fieldNames(type, rule) });
  return path;
}
