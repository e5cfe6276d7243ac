import assert from 'node:assert/strict';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { DEFAULT_SERVER_OPTIONS } from '../../contract/pushServer.ts';
import { NodeCore } from '../node/core.ts';
import { HeldPolls } from './heldPolls.ts';

/** More than are answered before the event loop turns. */
const MANY = 300;

/** Takes every answer. */
class Sink extends Socket {
  override _write(_chunk: unknown, _encoding: BufferEncoding, done: () => void): void {
    done();
  }

  override _writev(_chunks: unknown, done: () => void): void {
    done();
  }
}

function newResponse(): ServerResponse {
  const socket = new Sink();
  const response = new ServerResponse(new IncomingMessage(socket));
  response.assignSocket(socket);
  return response;
}

test('an event that comes while others are answered reaches who waits for it already', async (t) => {
  const core = new NodeCore({ ...DEFAULT_SERVER_OPTIONS, listen: [] });
  const held = new HeldPolls(core);
  t.after(() => held.stop());
  const publish = (): void => held.wake(core.replay.append('t', Buffer.from('x')));
  const ask = (cursor: string): ServerResponse => {
    const response = newResponse();
    held.ask(response, { topic: 't', cursor }, [], null);
    return response;
  };
  const others = Array.from({ length: MANY }, () => ask('0'));
  publish();
  const knowsFirst = ask('1');
  await turn();
  assert.ok(others.some(({ writableEnded }) => !writableEnded));
  publish();
  while (others.some(({ writableEnded }) => !writableEnded)) await turn();
  await turn();
  assert.ok(knowsFirst.writableEnded, 'it was told of the second event');
  assert.equal(core.streams.counts.written, MANY + 1);
});
