import { nowUs } from '../../contract/clock.ts';
import type { CommonRequests } from '../../contract/control.ts';
import { messageOf } from '../../contract/errors.ts';
import { parentChannel } from '../channel.ts';

type Requests = { [type: string]: { request: unknown; answer: unknown } };

/** One handler per request type of a role. */
export type Handlers<R extends Requests> = {
  readonly [T in keyof R]-?: (request: R[T]['request']) => Promise<R[T]['answer']> | R[T]['answer'];
};

/** The clock is the same of every role: none of them has to think of it. */
type OwnHandlers<R extends Requests> = Omit<Handlers<R>, 'clock'>;

/**
 * Answers the coordinator's requests until told to stop, or until the channel closes.
 * SIGINT and SIGHUP are the coordinator's business: a role that died of Ctrl-C, or of a terminal that was closed, could not
 * report what it measured.
 */
export function serveRole<R extends Requests & CommonRequests>(handlers: OwnHandlers<R>): void {
  for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => {});
  const table = new Map<string, (body: unknown) => unknown>(Object.entries(handlers));
  table.set('clock', () => nowUs());
  const channel = parentChannel();
  // A killed coordinator leaves nothing behind.
  channel.onClose(() => process.exit(0));
  channel.onFrame((frame) => {
    if (frame.kind !== 'request') return;
    Promise.resolve()
      .then(() => {
        const handler = table.get(frame.type);
        if (handler === undefined) throw new Error(`unknown request ${frame.type}`);
        return handler(frame.body);
      })
      .then(
        (body) => channel.send({ kind: 'answer', id: frame.id, ok: true, body }),
        (error: unknown) =>
          channel.send({ kind: 'answer', id: frame.id, ok: false, error: messageOf(error) }),
      )
      .then(() => {
        if (frame.type === 'stop') setImmediate(() => process.disconnect?.());
      });
  });
}
