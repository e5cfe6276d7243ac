import { once } from 'node:events';
import inspector from 'node:inspector';
import { type Command, Option } from 'commander';
import { EXIT, type Fault, UsageError } from '../../contract/errors.ts';
import type { ServerOptions } from '../../contract/pushServer.ts';
import { collectUnknown, unknownArguments } from '../commandLine.ts';
import type { Flags } from '../given.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { count } from '../parse/count.ts';
import type { Outcome } from '../program.ts';
import { greeting } from '../serveGreeting.ts';
import { SERVE_OPTIONS, type ServeOption, serveOptions } from '../serveOptions.ts';
import { openAuthority, readServeSecurity, type ServeAuthority } from '../serveSecurity.ts';
import { capabilitiesOf, readNodes, refuseUnusedFlags } from '../serveTraits.ts';
import { readStages } from '../stageList.ts';
import { type Serving, startServing } from '../startServing.ts';
import type { System } from '../system.ts';

const HELP = `
Examples:
  bench serve --stage sse
  bench serve --stage sse:raw --port 9000 --metrics-addr 127.0.0.1:9100
  bench serve --stage sse --cors http://localhost:3000 --heartbeat event --heartbeat-interval 5s
  bench serve --stage sse --inspect            then open chrome://inspect
  bench serve --stage ws --ping-interval 10s --pong-timeout 2s
  bench serve --stage poll --backend-delay 20ms
  bench serve --stage poll:long --hold 10s
  bench serve --stage ws-cluster --nodes 3
  bench serve --stage sse --security mtls-jwt --tls-out bench-tls
  bench serve --stage ws-cluster:redis-streams --node-id n4 --bus redis://127.0.0.1:6379

The message that it prints says how to subscribe and publish to what was started.`;

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
  const { DEFAULT_STAGE_NAME, STAGES } = await import('../../servers/registry.ts');
  const faults: Fault[] = unknownArguments(command);
  const inspectPort = readInspectPort(flags.inspect, faults);
  const stage = { key: '--stage', value: flags.stage ?? DEFAULT_STAGE_NAME };
  const variants = flags.variant === undefined ? [] : [{ key: '--variant', value: flags.variant }];
  const chosen = readStages([stage], variants, STAGES, faults);
  if (chosen.length > 1) faults.push({ ...(variants[0] ?? stage), expected: 'one; one server is started' });
  const capabilities = capabilitiesOf(chosen[0], STAGES);
  if (capabilities !== null) refuseUnusedFlags(flags, capabilities, faults);
  const nodes = readNodes(flags, faults);
  const security = readServeSecurity(flags, system.cwd, faults);
  const options = serveOptions(flags, faults);
  if (capabilities === null) throw new Error('a stage without capabilities was not refused');
  const authority = security === null ? null : await openAuthority(security);
  const served = await startProtected(
    authority,
    (secured) => startServing(chosen[0], { capabilities, options: secured, nodes }),
    options,
  );
  const interrupt = listenForInterrupt(system, () => system.stderr.write('Stopping.\n'));
  try {
    if (inspectPort !== null)
      system.stderr.write(`Debugger on ${openInspector(inspectPort)}: open chrome://inspect\n`);
    const name = `${chosen[0].stage}:${chosen[0].variant}`;
    system.stdout.write(greeting(name, served.nodes, capabilities, authority?.files ?? null));
    if (!interrupt.signal.aborted) await once(interrupt.signal, 'abort');
  } finally {
    interrupt.release();
    await served.stop();
    await authority?.stop();
    if (inspectPort !== null) inspector.close();
  }
}

/** @throws BenchError where the server does not start; its authority has stopped then */
async function startProtected(
  authority: ServeAuthority | null,
  start: (options: ServerOptions) => Promise<Serving>,
  options: ServerOptions,
): Promise<Serving> {
  if (authority === null) return start(options);
  try {
    return await start(await authority.secure(options));
  } catch (error) {
    await authority.stop();
    throw error;
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
