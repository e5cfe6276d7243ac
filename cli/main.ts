import { runCli } from './program.ts';
import { processSystem } from './system.ts';

// A reader that closes the pipe early (`bench list | head -1`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCli(processSystem());
