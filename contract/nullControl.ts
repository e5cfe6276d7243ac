import type { CommonRequests } from './control.ts';
import type { BuiltInProtocol, Endpoint } from './pushServer.ts';

export interface NullStart {
  readonly protocol: BuiltInProtocol;
  /** Number in every envelope. */
  readonly run: number;
  /** Bytes of one message, envelope included. */
  readonly payloadBytes: number;
  readonly seed: number;
}

/** Requests that a null server answers: the least work that makes a load worker work. */
export type NullServerRequests = CommonRequests & {
  start: { request: NullStart; answer: Endpoint };
  /** Each subscriber may be sent this many messages in all, in the mean; parts of one are parts of the subscribers. */
  grant: { request: { readonly messages: number }; answer: null };
  /** Nothing more is sent for now. Answers how many messages have begun to go out. */
  halt: { request: null; answer: { readonly begun: number } };
  /** Answered when each subscriber has been sent so many messages, and not one more. */
  finish: { request: { readonly messages: number }; answer: null };
};
