import type { PublisherStart } from '../../contract/publisherControl.ts';
import { NodeConnection } from './nodeConnection.ts';
import type { PayloadWriter } from './payload.ts';
import type { PostListener, PublishConnection } from './publishConnection.ts';

/** Makes a publisher's connections, one for each place that a message may have to go to. */
export type Connect = (payload: PayloadWriter, listener: PostListener) => readonly PublishConnection[];

/** Posts over HTTP/1.1 to each URL. */
export function postsTo(start: PublisherStart): Connect {
  return (payload, listener) => start.urls.map((url) => new NodeConnection(url, start, payload, listener));
}

/** Posts, or calls where the start says so, or what a driver of the user's own does: only then is its library loaded. */
export async function connectOf(start: PublisherStart): Promise<Connect> {
  const { calls, custom } = start;
  if (custom !== null) {
    const { openCustom } = await import('./customConnection.ts');
    return openCustom(start, custom);
  }
  if (calls === null) return postsTo(start);
  const { CallConnection } = await import('./callConnection.ts');
  // Independent instances each need every message, so each has a list of its own; those that share what is published are
  // chosen among.
  const all =
    start.publishTo === 'every-node'
      ? calls.instances.map((each) => ({ ...calls, directory: null, instances: [each] }))
      : [calls];
  return (payload, listener) => all.map((each) => new CallConnection(start, each, payload, listener));
}
