import type { TargetSettings } from '../contract/config.ts';
import type { CloseDetail } from '../contract/loadDriver.ts';
import { curlFiles, tlsHint } from './targetTlsAdvice.ts';

/** What a server did instead, and what its owner can do about it. */
export interface TargetAdvice {
  /** Follows the address: `does not …`. */
  readonly failing: string;
  readonly hint: string;
}

/** What to say of a target that failed the first connection, by its protocol. */
export function adviseTarget(target: TargetSettings, url: string, fault: CloseDetail): TargetAdvice {
  const status = Number(/^HTTP (\d{3})/.exec(fault.detail)?.[1] ?? 0);
  const { failing, byHand } = BY_PROTOCOL[target.protocol](target, url);
  const why =
    statusHint(status, target.protocol === 'ws') ??
    grpcHint(fault) ??
    reasonHint(target, fault) ??
    tlsHint(target, fault);
  return { failing, hint: why === null ? byHand : `${why} ${byHand}` };
}

interface Wording {
  readonly failing: string;
  /** How to see the same without bench. */
  readonly byHand: string;
}

const BY_PROTOCOL: Readonly<
  Record<TargetSettings['protocol'], (target: TargetSettings, url: string) => Wording>
> = {
  sse: (target, url) => ({
    failing: 'does not answer as an event stream',
    byHand: `Check it by hand: curl -N${curlFiles(target)} '${url}' must stay open and show "data:" lines.`,
  }),
  ws: (target, url) => ({
    failing: 'does not keep a WebSocket open',
    byHand:
      `Check it by hand: curl -iN${curlFiles(target)} -H 'connection: upgrade' -H 'upgrade: websocket' -H 'sec-websocket-version: 13' ` +
      `-H 'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==' '${url.replace(/^ws/, 'http')}' must show "101" and stay open.`,
  }),
  'sse-h2': (target, url) => ({
    failing: 'does not answer as an event stream over HTTP/2',
    byHand: `Check it by hand: curl -N ${
      target.security === null ? '--http2-prior-knowledge' : `--http2${curlFiles(target)}`
    } '${url}' must stay open and show "data:" lines.`,
  }),
  grpc: ({ grpc, url }) => ({
    failing: 'does not stream',
    byHand: `Check that the server at ${url} has the method ${grpc?.path ?? ''}, and answers it with headers at once.`,
  }),
  custom: ({ driver }, url) => ({
    failing: 'is not subscribed to by the driver',
    byHand: `Check that ${driver} resolves \`connect\` once it is subscribed at ${url}.`,
  }),
  poll: (target, url) => ({
    failing: 'does not answer polls',
    byHand:
      target.polling === 'held'
        ? `Check it by hand: curl -i${curlFiles(target)} '${url}' must answer at once, without a cursor, with an X-Cursor header.`
        : `Check it by hand: curl -i${curlFiles(target)} '${url}' must answer at once with 200 and the newest message, or 204.`,
  }),
};

function statusHint(status: number, isWebSocket: boolean): string | null {
  if (status === 0) return null;
  if (status === 401 || status === 403) return "Credentials or an origin go into --header 'name: value'.";
  if (status === 404) return 'The path goes into --path.';
  if (status >= 300 && status < 400) return 'Redirects are not followed: name the address that it points to.';
  if (status === 429 || status === 503) return 'The server limits its clients: load needs that limit lifted.';
  if (!isWebSocket) return null;
  if (status === 200) return 'That is plain HTTP: is the WebSocket at another --path?';
  if (status === 400 || status === 426)
    return 'The server saw no WebSocket request: is it one, at this --path?';
  return null;
}

/** What a status of gRPC asks of the user. */
function grpcHint({ reason, detail }: CloseDetail): string | null {
  if (/^gRPC (UNAUTHENTICATED|PERMISSION_DENIED)/.test(detail))
    return "Credentials go into --header 'name: value', as metadata.";
  if (/^gRPC UNIMPLEMENTED/.test(detail))
    return 'The server knows no such method: --proto FILE --method package.Service/Method names yours.';
  if (/^gRPC INVALID_ARGUMENT/.test(detail))
    return 'The request says the room and nothing else: --topic-field names the field that it goes into.';
  if (/^gRPC RESOURCE_EXHAUSTED/.test(detail))
    return 'The server limits its clients: load needs that limit lifted.';
  return reason === 'bad-content-type' && detail.includes('application/grpc')
    ? 'The port speaks HTTP, but no gRPC.'
    : null;
}

/** Why the address and its status were not the trouble. */
function reasonHint({ protocol }: TargetSettings, { reason, detail }: CloseDetail): string | null {
  if (reason === 'refused') return 'Is the server running, and on this port?';
  if (protocol !== 'ws') return null;
  if (/^close 1008/.test(detail)) return 'The server refuses this client: --header adds what it asks for.';
  if (/^close 100[237]/.test(detail))
    return 'The server refuses what the client sent, which is only the upgrade.';
  if (reason === 'timeout') return 'The server took the request and never answered the upgrade.';
  return null;
}
