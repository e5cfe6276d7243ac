import type { Endpoint, ServerCapabilities, StartedServer } from '../contract/pushServer.ts';
import { clientWords, webSocketCommand } from './serveCommands.ts';
import type { ClientFiles } from './serveSecurity.ts';

const TOPIC = 't1';

/**
 * What `bench serve` says once it listens: where everything is, and how to try it.
 * @param files what clients of a protected server need; null: it is plain
 */
export function greeting(
  name: string,
  nodes: readonly StartedServer[],
  capabilities: ServerCapabilities,
  files: ClientFiles | null,
): string {
  const [first] = nodes;
  const last = nodes.at(-1) ?? first;
  const isSecure = files !== null;
  const base = urlOf('http', first.ingest ?? first.endpoints[0], isSecure);
  const metrics = first.metrics === null ? base : urlOf('http', first.metrics, false);
  const streamOf = (node: StartedServer) => streamAddress(node.endpoints[0], capabilities, isSecure);
  const rows = [
    ...(nodes.length > 1
      ? nodes.map((node, i) => [`node n${i + 1}`, urlOf('http', node.endpoints[0], isSecure)])
      : []),
    ['stream', streamOf(first)],
    ['publish', `${base}/publish`],
    ...(capabilities.bus === null ? [] : [['presence', `${base}/presence`]]),
    ['metrics', `${metrics}/metrics`],
    ['health', `${base}/healthz`],
  ];
  return `${name} listens on ${first.ingest === null ? base : hostPort(first.endpoints[0])}

${rows.map(([what, where]) => `  ${what.padEnd(8)}  ${where}`).join('\n')}

${howToTry(capabilities, streamOf(last), files)}
  curl ${clientWords(files).curl}-X POST -H 'x-topic: ${TOPIC}' -d 'hello' ${base}/publish

Ctrl-C stops it.
`;
}

/** A command that subscribes, for a terminal of its own or to be said again. */
function howToTry(
  { polling, protocol, grpc }: ServerCapabilities,
  stream: string,
  files: ClientFiles | null,
): string {
  const { curl, grpcurl } = clientWords(files);
  if (grpc !== null) {
    const subscription = `{"topic":"${TOPIC}"}`;
    const request = grpc.kind === 'bidi' ? `{"join":${subscription}}` : subscription;
    return `Try it in two terminals; the server describes itself by reflection:
  grpcurl ${grpcurl}-d '${request}' ${stream}`;
  }
  if (protocol === 'ws') {
    return `Try it in two terminals:
  ${webSocketCommand(stream, files)}`;
  }
  if (polling === 'interval') return `Try it, and ask again after publishing:\n  curl ${curl}-i '${stream}'`;
  if (polling === 'held') {
    return `Try it in two terminals; the first waits for the event after the cursor:\n  curl ${curl}-i '${stream}&cursor=0'`;
  }
  // Under TLS the version of HTTP is negotiated; without it the client has to know.
  const version = protocol === 'sse-h2' && files === null ? '--http2-prior-knowledge ' : '';
  return `Try it in two terminals:\n  curl ${curl}${version}-N '${stream}'`;
}

/** As a client of the protocol names it: gRPC has an address and a method, the others a URL. */
function streamAddress(
  endpoint: Endpoint,
  { protocol, grpc, streamPath }: ServerCapabilities,
  isSecure: boolean,
): string {
  if (grpc !== null) return `${hostPort(endpoint)} ${grpc.path.slice(1)}`;
  const path = streamPath.replaceAll('{topic}', TOPIC);
  return `${urlOf(protocol === 'ws' ? 'ws' : 'http', endpoint, isSecure)}${path}`;
}

function urlOf(scheme: 'http' | 'ws', endpoint: Endpoint, isSecure: boolean): string {
  return `${scheme}${isSecure ? 's' : ''}://${hostPort(endpoint)}`;
}

function hostPort({ host, port }: Endpoint): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
