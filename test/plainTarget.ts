import type { TargetSettings } from '../contract/config.ts';

/** A server of the user's own that nothing particular is said of: event streams over plain TCP, nothing published. */
export const PLAIN_TARGET: TargetSettings = {
  url: '',
  protocol: 'sse',
  path: '/events',
  publishUrl: null,
  polling: 'interval',
  security: null,
  grpc: null,
  publishCall: null,
  pids: [],
  publishDepth: 1,
  headers: {},
  publishHeaders: {},
  publishBody: null,
  tokensFile: null,
  tokens: 0,
  driver: null,
  launch: null,
  allowRemote: false,
};
