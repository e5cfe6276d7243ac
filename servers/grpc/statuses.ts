import { Metadata, type StatusObject, status } from '@grpc/grpc-js';
import { type Refusal, refusalMetadata } from '../flow/refusal.ts';

/** How a call ends where it does not end well. */
export type EndStatus = Pick<StatusObject, 'code' | 'details' | 'metadata'>;

/** Something may be free again in a second: the shortest that `retry-after` can say. */
const RETRY_AFTER = { 'retry-after': '1' };

function ended(code: status, details: string, metadata: Readonly<Record<string, string>> = {}): EndStatus {
  const sent = new Metadata();
  for (const [key, value] of Object.entries(metadata)) sent.set(key, value);
  return { code, details, metadata: sent };
}

export function invalidArgument(details: string): EndStatus {
  return ended(status.INVALID_ARGUMENT, details);
}

export function failedPrecondition(details: string): EndStatus {
  return ended(status.FAILED_PRECONDITION, details);
}

export function unauthenticated(details: string): EndStatus {
  return ended(status.UNAUTHENTICATED, details);
}

/** When to come back, and what was left of each budget, are in the metadata. */
export function exhausted(details: string, refusal: Refusal): EndStatus {
  return ended(status.RESOURCE_EXHAUSTED, details, refusalMetadata(refusal));
}

export function saidNothing(timeoutMs: number): EndStatus {
  return ended(status.DEADLINE_EXCEEDED, `no message within ${timeoutMs} ms`);
}

export function metadataTooLarge(bytes: number, limit: number): EndStatus {
  return ended(status.RESOURCE_EXHAUSTED, `metadata of ${bytes} bytes; ${limit} are taken`);
}

/** For the moment: the same call may be well a second later. */
export function unavailable(details: string): EndStatus {
  return ended(status.UNAVAILABLE, details, RETRY_AFTER);
}

/** This instance takes no more: the same call is well at another one, at once. */
export const GOING_AWAY: EndStatus = ended(
  status.UNAVAILABLE,
  'the instance goes away; resume at another one with the last id',
);

export const CUT_OFF: EndStatus = ended(status.RESOURCE_EXHAUSTED, 'cut off', RETRY_AFTER);

export const TOKEN_ENDED: EndStatus = ended(status.UNAUTHENTICATED, 'the token has expired');

export function internal(details: string): EndStatus {
  return ended(status.INTERNAL, details);
}
