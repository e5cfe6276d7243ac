import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { BenchError, EXIT } from '../contract/errors.ts';

/**
 * Asks one question after the other. Lines that were typed ahead, or pasted, answer the next ones. The process may end while
 * nothing is asked.
 * @returns rejects with a BenchError (interrupted) where the user ends it with Ctrl-C or Ctrl-D
 */
export function asker(input: Readable, output: Writable): (question: string) => Promise<string> {
  const ahead: string[] = [];
  let lines: Interface | null = null;
  let isOver = false;
  let waiting: PromiseWithResolvers<string> | null = null;
  const open = (): Interface => {
    const opened = createInterface({ input, output });
    opened.on('line', (line) => {
      if (waiting === null) ahead.push(line);
      else waiting.resolve(line);
      // More than one line may come at once.
      waiting = null;
    });
    opened.on('close', () => {
      isOver = true;
      waiting?.reject(given());
    });
    return opened;
  };
  return async (question) => {
    lines ??= open();
    const typed = ahead.shift();
    if (typed !== undefined) {
      output.write(`${question}${typed}\n`);
      return typed;
    }
    if (isOver) throw given();
    waiting = Promise.withResolvers();
    try {
      lines.setPrompt(question);
      lines.prompt();
      return await waiting.promise;
    } finally {
      waiting = null;
      if (!isOver) lines.pause();
    }
  };
}

function given(): BenchError {
  return new BenchError('interrupted before all was answered.', {
    exitCode: EXIT.interrupted,
    hint: 'Nothing was written. bench init --help lists the flags that answer in your place.',
  });
}
