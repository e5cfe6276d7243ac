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
  const base = urlOf('http', first.endpoints[0]);
  const metrics = first.metrics === null ? base : urlOf('http', first.metrics);
  const scheme = capabilities.protocol === 'ws' ? 'ws' : 'http';
  const path = capabilities.streamPath.replaceAll('{topic}', TOPIC);
  const rows = [
    ...(nodes.length > 1 ? nodes.map((node, i) => [`node n${i + 1}`, urlOf('http', node.endpoints[0])]) : []),
    ['stream', `${urlOf(scheme, first.endpoints[0])}${path}`],
    ['publish', `${base}/publish`],
    ...(capabilities.bus === null ? [] : [['presence', `${base}/presence`]]),
    ['metrics', `${metrics}/metrics`],
    ['health', `${base}/healthz`],
  ];
  return `${name} listens on ${base}

${rows.map(([what, where]) => `  ${what.padEnd(8)}  ${where}`).join('\n')}

${howToTry(capabilities, `${urlOf(scheme, last.endpoints[0])}${path}`)}
  curl -X POST -H 'x-topic: ${TOPIC}' -d 'hello' ${base}/publish

Ctrl-C stops it.
`;
}

/** A command that subscribes, for a terminal of its own or to be said again. */
function howToTry({ protocol, polling }: ServerCapabilities, stream: string): string {
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

function urlOf(scheme: string, { host, port }: Endpoint): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
