import { once } from 'node:events';
import inspector from 'node:inspector';
import { type Command, Option } from 'commander';
import { EXIT, type Fault, UsageError } from '../../contract/errors.ts';
import type { Endpoint, StartedServer } from '../../contract/pushServer.ts';
import { collectUnknown, unknownArguments } from '../commandLine.ts';
import type { Flags } from '../given.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { count } from '../parse/count.ts';
import type { Outcome } from '../program.ts';
import { SERVE_OPTIONS, type ServeOption, serveOptions } from '../serveOptions.ts';
import { readStages } from '../stageList.ts';
import type { System } from '../system.ts';

const HELP = `
Examples:
  bench serve --stage sse
  bench serve --stage sse:raw --port 9000 --metrics-addr 127.0.0.1:9100
  bench serve --stage sse --cors http://localhost:3000 --heartbeat event --heartbeat-interval 5s
  bench serve --stage sse --inspect            then open chrome://inspect`;

/** Adds `bench serve`. */
export function addServe(program: Command, system: System, outcome: Outcome): void {
  const command = collectUnknown(program.command('serve'))
    .description('start one reference server to try with curl or a browser')
    .option('--inspect [port]', 'let a debugger attach, on loopback (default port: 9229)')
    .addHelpText('after', HELP);
  for (const option of Object.values<ServeOption>(SERVE_OPTIONS)) command.addOption(serveOption(option));
  command.action(async (flags: Flags) => {
    await serve(system, flags, command);
    outcome.exitCode = EXIT.ok;
  });
}

function serveOption(option: ServeOption): Option {
  const made = new Option(option.flag, option.description);
  if (!option.repeatable) return made;
  return made.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
}

async function serve(system: System, flags: Flags, command: Command): Promise<void> {
  const { createServer, STAGES } = await import('../../servers/registry.ts');
  const faults: Fault[] = unknownArguments(command);
  const inspectPort = readInspectPort(flags.inspect, faults);
  const stage = { key: '--stage', value: flags.stage ?? STAGES[0]?.name };
  const variants = flags.variant === undefined ? [] : [{ key: '--variant', value: flags.variant }];
  const chosen = readStages([stage], variants, STAGES, faults);
  if (chosen.length > 1) faults.push({ ...variants[0], expected: 'one variant; one server is started' });
  const options = serveOptions(flags, faults);
  const server = await createServer(chosen[0].stage, chosen[0].variant);
  const started = await server.start(options);
  const interrupt = listenForInterrupt(system, () => system.stderr.write('Stopping.\n'));
  try {
    if (inspectPort !== null)
      system.stderr.write(`Debugger on ${openInspector(inspectPort)}: open chrome://inspect\n`);
    system.stdout.write(greeting(`${chosen[0].stage}:${chosen[0].variant}`, started));
    if (!interrupt.signal.aborted) await once(interrupt.signal, 'abort');
  } finally {
    interrupt.release();
    await server.stop();
    if (inspectPort !== null) inspector.close();
  }
}

function readInspectPort(flag: unknown, faults: Fault[]): number | null {
  if (flag === undefined) return null;
  if (flag === true) return 9_229;
  const parsed = count({ min: 0, max: 65_535 })(flag);
  if (parsed.ok) return parsed.value;
  faults.push({ key: '--inspect', value: flag, expected: parsed.expected });
  return null;
}

/** Loopback only: whoever reaches an inspector can run code in the process. */
function openInspector(port: number): string {
  inspector.open(port, '127.0.0.1');
  const url = inspector.url();
  if (url !== undefined) return new URL(url).host;
  const expected = 'a free port; nothing listens after opening the inspector';
  throw new UsageError([{ key: '--inspect', value: port, expected }], 'Name another port: --inspect 9230.');
}

function greeting(name: string, started: StartedServer): string {
  const base = urlOf(started.endpoints[0]);
  const metrics = started.metrics === null ? base : urlOf(started.metrics);
  return `${name} listens on ${base}

  stream    ${base}/events?topic=t1
  publish   ${base}/publish
  metrics   ${metrics}/metrics
  health    ${base}/healthz

Try it in two terminals:
  curl -N '${base}/events?topic=t1'
  curl -X POST -H 'x-topic: t1' -d 'hello' ${base}/publish

Ctrl-C stops it.
`;
}

function urlOf({ host, port }: Endpoint): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
