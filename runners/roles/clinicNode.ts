import { BenchError } from '../../contract/errors.ts';
import type { ServerOptions } from '../../contract/pushServer.ts';
import { createServer } from '../../servers/registry.ts';

/**
 * A server node that clinic runs: `clinicNode STAGE VARIANT OPTIONS`, the options as JSON.
 * It prints where it is reached as one JSON line, and ends on SIGINT as well as at the end of its standard input.
 */
const [stage = '', variant = '', optionsText = '{}'] = process.argv.slice(2);
const options: ServerOptions = JSON.parse(optionsText);
const server = await createServer(stage, variant);
let isStopping = false;

function stop(): void {
  // SIGINT may come twice: from the process group, and from clinic.
  if (isStopping) return;
  isStopping = true;
  server.stop().then(() => process.stdin.destroy());
}

process.on('SIGINT', stop);
process.stdin.resume().once('end', stop);
try {
  const { endpoints, ingest } = await server.start(options);
  process.stdout.write(`${JSON.stringify({ pid: process.pid, endpoints, ingest })}\n`);
} catch (error) {
  process.stderr.write(
    `${error instanceof BenchError ? `${error.message}. ${error.hint}` : String(error)}\n`,
  );
  process.exitCode = 1;
  process.stdin.destroy();
}
