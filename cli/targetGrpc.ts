import type { TargetSettings } from '../contract/config.ts';
import type { Fault } from '../contract/errors.ts';
import {
  type GrpcMethod,
  PUBLISH_FIELDS_GRPC,
  PUBLISH_PATH_GRPC,
  SUBSCRIBE_METHOD,
} from '../contract/grpc.ts';
import { type GivenOptions, given } from './given.ts';
import { PROTO_KEYS, type ProtoMethods } from './protoMethod.ts';
import type { RunOptionKey } from './runOptions.ts';

/** What a target that speaks gRPC has beside the others. */
export type GrpcTarget = Pick<TargetSettings, 'grpc' | 'publishCall' | 'path'>;

/** Names of metadata with text in it, less those that the protocol keeps for itself (gRPC over HTTP/2, "Custom-Metadata"). */
const METADATA_NAME = /^(?!grpc-)[0-9a-z_.-]+(?<!-bin)$/;

const OWN_PUBLISH = { path: PUBLISH_PATH_GRPC, fields: PUBLISH_FIELDS_GRPC } as const;

/**
 * How clients of a gRPC service subscribe and publish: by our own `push.proto`, where no other is named.
 * @param proto what `--proto` and its companions say; null: none is named, or it has faults of its own
 */
export function readGrpcTarget(
  options: GivenOptions,
  proto: ProtoMethods | null,
  { headers, publishHeaders }: Pick<TargetSettings, 'headers' | 'publishHeaders'>,
  faults: Fault[],
): GrpcTarget {
  const path = given(options, 'path');
  if (path !== undefined)
    faults.push({ ...path, expected: 'not together with gRPC: --method names what is called' });
  const url = given(options, 'publishUrl');
  if (url !== undefined && given(options, 'publishMethod') !== undefined)
    faults.push({ ...url, expected: 'not together with --publish-method: messages go one way' });
  checkMetadata({ ...headers, ...publishHeaders }, faults);
  if (given(options, 'proto') === undefined)
    refuse(options, PROTO_KEYS, 'only together with --proto', faults);
  const grpc = proto?.grpc ?? SUBSCRIBE_METHOD;
  const call = given(options, 'proto') === undefined ? OWN_PUBLISH : (proto?.publishCall ?? null);
  return { grpc, publishCall: url === undefined ? call : null, path: pathOf(grpc) };
}

/** Options of gRPC beside another protocol. */
export function refuseGrpcOptions(options: GivenOptions, faults: Fault[]): void {
  refuse(options, ['proto', ...PROTO_KEYS], 'only together with --protocol grpc', faults);
}

function refuse(
  options: GivenOptions,
  keys: readonly RunOptionKey[],
  expected: string,
  faults: Fault[],
): void {
  for (const key of keys) {
    const one = given(options, key);
    if (one !== undefined) faults.push({ ...one, expected });
  }
}

/** The path of the call, and the room in a query of our own: drivers take it out again. */
function pathOf({ path, topicField }: GrpcMethod): string {
  return topicField === null ? path : `${path}?topic={topic}`;
}

function checkMetadata(headers: TargetSettings['headers'], faults: Fault[]): void {
  for (const name of Object.keys(headers)) {
    if (METADATA_NAME.test(name)) continue;
    const expected = 'for gRPC, a name of a-z, 0-9, _ . - that begins with no grpc- and ends with no -bin';
    faults.push({ key: '--header', value: name, expected });
  }
}
