import type { Readable } from 'node:stream';

/**
 * Waits for the first line that holds a JSON object, among lines of any kind; what follows is read and dropped.
 * @returns null where the stream ends without one.
 */
export function firstJsonLine(stream: Readable): Promise<object | null> {
  const { promise, resolve } = Promise.withResolvers<object | null>();
  let rest = '';
  stream.setEncoding('utf8');
  const take = (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    const found = lines.map(parseObject).find((value) => value !== null);
    if (found === undefined) return;
    stream.off('data', take);
    // A full pipe would stop the writer.
    stream.resume();
    resolve(found);
  };
  stream.on('data', take);
  stream.once('close', () => resolve(parseObject(rest)));
  return promise;
}

function parseObject(line: string): object | null {
  if (!line.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' ? value : null;
  } catch {
    // Some other output that happens to begin like one.
    return null;
  }
}
