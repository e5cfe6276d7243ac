import type { Endpoint, ServerCapabilities, StartedServer } from '../contract/pushServer.ts';

const TOPIC = 't1';

/** What `bench serve` says once it listens: where everything is, and how to try it. */
export function greeting(
  name: string,
  nodes: readonly StartedServer[],
  capabilities: ServerCapabilities,
): string {
  const [first] = nodes;
  const last = nodes.at(-1) ?? first;
  const base = urlOf('http', first.ingest ?? first.endpoints[0]);
  const metrics = first.metrics === null ? base : urlOf('http', first.metrics);
  const streamOf = (node: StartedServer) => streamAddress(node.endpoints[0], capabilities);
  const rows = [
    ...(nodes.length > 1 ? nodes.map((node, i) => [`node n${i + 1}`, urlOf('http', node.endpoints[0])]) : []),
    ['stream', streamOf(first)],
    ['publish', `${base}/publish`],
    ...(capabilities.bus === null ? [] : [['presence', `${base}/presence`]]),
    ['metrics', `${metrics}/metrics`],
    ['health', `${base}/healthz`],
  ];
  return `${name} listens on ${first.ingest === null ? base : hostPort(first.endpoints[0])}

${rows.map(([what, where]) => `  ${what.padEnd(8)}  ${where}`).join('\n')}

${howToTry(capabilities, streamOf(last))}
  curl -X POST -H 'x-topic: ${TOPIC}' -d 'hello' ${base}/publish

Ctrl-C stops it.
`;
}

/** A command that subscribes, for a terminal of its own or to be said again. */
function howToTry({ polling, protocol, grpc }: ServerCapabilities, stream: string): string {
  if (grpc !== null) {
    const subscription = `{"topic":"${TOPIC}"}`;
    const request = grpc.kind === 'bidi' ? `{"join":${subscription}}` : subscription;
    return `Try it in two terminals; the server describes itself by reflection:
  grpcurl -plaintext -d '${request}' ${stream}`;
  }
  if (protocol === 'ws') {
    return `Try it in two terminals:
  npx node -e 'new WebSocket("${stream}").onmessage = ({ data }) => console.log(data)'`;
  }
  if (polling === 'interval') return `Try it, and ask again after publishing:\n  curl -i '${stream}'`;
  if (polling === 'held') {
    return `Try it in two terminals; the first waits for the event after the cursor:\n  curl -i '${stream}&cursor=0'`;
  }
  return `Try it in two terminals:\n  curl -N '${stream}'`;
}

/** As a client of the protocol names it: gRPC has an address and a method, the others a URL. */
function streamAddress(endpoint: Endpoint, { protocol, grpc, streamPath }: ServerCapabilities): string {
  if (grpc !== null) return `${hostPort(endpoint)} ${grpc.path.slice(1)}`;
  const path = streamPath.replaceAll('{topic}', TOPIC);
  return `${urlOf(protocol === 'ws' ? 'ws' : 'http', endpoint)}${path}`;
}

function urlOf(scheme: string, endpoint: Endpoint): string {
  return `${scheme}://${hostPort(endpoint)}`;
}

function hostPort({ host, port }: Endpoint): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
