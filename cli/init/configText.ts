import type { BenchConfig, TargetConfig } from '../../contract/config.ts';
import { ADDRESS, type Answers } from './questions.ts';

/** The config that the answers stand for. */
export function configOf(answers: Answers): BenchConfig {
  const { protocol = '' } = answers;
  const isPublished = ['grpc', 'custom'].includes(protocol) || (answers.publish ?? '') !== '';
  const isStarted = !ADDRESS.test(answers.start ?? '');
  const hasRooms = `${answers.path}${answers.publish}`.includes('{topic}');
  const isPolled = protocol === 'poll';
  return {
    target: targetOf(answers),
    workload: {
      // A message goes to 50 subscribers either way.
      ...(hasRooms ? { connections: 500, rooms: 10 } : { connections: 50 }),
      ratePerSecond: 100,
      ...(isPolled && { pollIntervalMs: '1s' }),
    },
    thresholds: isPublished
      ? ['deliveries.lost == 0', `latencyUs.delivery.p99 < ${isPolled ? '3s' : '250ms'}`]
      : ['connections.failed == 0'],
    gate: {
      tolerances: tolerancesOf(isPublished, isStarted),
      blocks: 8,
      maxTime: '15m',
    },
  };
}

/** Of what a run of such a server measures: its memory and CPU are known where it is started. */
function tolerancesOf(isPublished: boolean, isStarted: boolean): Record<string, string> {
  if (!isPublished)
    return isStarted ? { 'memory.server.rssPerConnectionBytes': '3%' } : { 'handshakeUs.p95': '10%' };
  // A p99 that is named decides, and short runs leave it open: by default it does where the messages suffice.
  return isStarted ? { 'cpu.server.usPerDelivery': '5%' } : { 'latencyUs.delivery.p99': '10%' };
}

function targetOf({
  protocol,
  driver,
  start = '',
  install,
  build,
  path,
  publish,
  ready,
}: Answers): TargetConfig {
  const isRunning = ADDRESS.test(start);
  return {
    ...(isRunning ? { url: start } : {}),
    ...(install && { install }),
    ...(build && { build }),
    ...(isRunning ? {} : { start }),
    ...(ready && { ready }),
    protocol,
    ...(driver && { driver }),
    ...(path && { path }),
    ...(publish && { publish }),
  };
}

/** What is said of a key of `target` in the file. */
const SAID: Readonly<Partial<Record<keyof TargetConfig, string>>> = {
  url: 'It runs already; with its `pid` here, memory and CPU are sampled as well.',
  driver: 'Speaks it: docs/adapters/README.md.',
  install: 'Once in each checkout.',
  build: 'Once in each checkout.',
  start: 'Listens on 127.0.0.1, at the port that it finds in PORT or in place of {port}, until SIGTERM.',
  ready: 'Answers 2xx once it serves.',
  path: 'Where a client subscribes; {topic} is replaced by its room, {slot} by its number.',
  publish:
    'Takes each message as the body of a POST, {topic} replaced; publishBodyTemplate puts JSON round it.',
};

/** @param findsPackage whether the file may import `defineConfig` */
export function configText(config: BenchConfig, findsPackage: boolean): string {
  const { target = {}, workload = {}, thresholds = [], gate = {} } = config;
  const grpc = target.protocol === 'grpc' ? GRPC : [];
  const lines = [
    ...(findsPackage ? [`import { defineConfig } from 'pushbench';`, ''] : UNTYPED),
    findsPackage ? 'export default defineConfig({' : 'export default {',
    '  // Your server: `bench run` and `bench gate` load it.',
    '  target: {',
    ...Object.entries(target).flatMap(([key, value]) => entry(key, value, SAID[key as keyof TargetConfig])),
    ...grpc,
    '  },',
    '',
    '  // The load, where the scenario says otherwise: `bench list scenarios`, and flags go before both.',
    `  workload: ${text(workload)},`,
    '',
    '  // What must hold, or `bench run` ends with exit code 4: paths of `bench list metrics`.',
    `  thresholds: ${text(thresholds)},`,
    '',
    '  // How much worse a change may make it before `bench gate` fails; losses may not grow at all.',
    '  gate: {',
    `    tolerances: ${text(gate.tolerances)},`,
    '    // Each is four runs: more of them show smaller changes, and take longer.',
    `    blocks: ${text(gate.blocks)},`,
    `    maxTime: ${text(gate.maxTime)},`,
    '  },',
    findsPackage ? '});' : '};',
  ];
  return `${lines.join('\n')}\n`;
}

const UNTYPED = [
  `// With \`npm install --save-dev pushbench\` this file gets types: import { defineConfig } from 'pushbench', and`,
  '// export default defineConfig({ … }).',
];

const GRPC = [
  '    // Your own service in place of push.proto; see docs/own-server.md.',
  `    // proto: './feed.proto',`,
  `    // method: 'feed.v1.Feed/Watch', dataField: 'text', topicField: 'channel',`,
  `    // publishMethod: 'feed.v1.Feed/Publish', publishField: 'text',`,
];

function entry(key: string, value: unknown, said: string | undefined): string[] {
  return [...(said === undefined ? [] : [`    // ${said}`]), `    ${key}: ${text(value)},`];
}

/** As somebody would write it by hand. */
function text(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(text).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).map(([key, item]) => `${name(key)}: ${text(item)}`);
  return `{ ${entries.join(', ')} }`;
}

function name(key: string): string {
  return /^[a-z]\w*$/i.test(key) ? key : quoted(key);
}

/** JSON escapes what has to be; a quote of the other kind needs none then. */
function quoted(value: string): string {
  const inner = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inner}'`;
}
