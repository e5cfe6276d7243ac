import { runCli } from './program.ts';
import { processSystem } from './system.ts';

/** EPIPE: the reader has enough (`bench list | head -1`). EIO: the terminal was closed; the result is still to be written. */
const READER_GONE = ['EPIPE', 'EIO'];
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!READER_GONE.includes(error.code ?? '')) throw error;
  });
}

process.exitCode = await runCli(processSystem());
