import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { DEFAULT_SERVER_OPTIONS } from '../../contract/pushServer.ts';
import { answerText } from '../http/answer.ts';
import { type Extend, WsNode } from './node.ts';
import { createVariant } from './prepared.ts';

const OPTIONS = { ...DEFAULT_SERVER_OPTIONS, listen: [{ host: '127.0.0.1', port: 0 }] };

/** Notes what a node asks of its extension, in order. */
function extension(notes: string[]): Extend {
  return ({ core, fanOut, intake }) => ({
    sink: {
      isFull: () => intake.isFull(),
      refused: () => intake.refused(),
      accept(records) {
        notes.push(`accept ${records.length}`);
        for (const { topic } of records) fanOut.enqueue(core.replay.append(topic, Buffer.from('its own')));
        return core.replay.lastId;
      },
    },
    routes: new Map([
      ['/more', { method: 'GET', handle: (_request, response) => answerText(response, 200, 'more') }],
    ]),
    answerHeaders: (serial) => [`X-Serial: ${serial}`],
    opened: ({ serial, topic }) => notes.push(`opened ${serial} ${topic}`),
    closed: ({ serial }) => notes.push(`closed ${serial}`),
    prepare: async () => {
      notes.push('prepare');
    },
    start: () => notes.push('start'),
    stop: async () => {
      notes.push('stop');
    },
  });
}

test('lets an extension take messages, answer paths, add headers and follow connections', async () => {
  const notes: string[] = [];
  const node = new WsNode(OPTIONS, createVariant, extension(notes));
  const { endpoints } = await node.listen();
  const address = `127.0.0.1:${endpoints[0].port}`;
  const socket = new WebSocket(`ws://${address}/ws?topic=t7`);
  const serial = new Promise((resolve) => {
    socket.once('upgrade', ({ headers }) => resolve(headers['x-serial']));
  });
  assert.equal(await serial, '1');
  const message = new Promise((resolve) => {
    socket.once('message', (data) => resolve(JSON.parse(data.toString())));
  });
  await fetch(`http://${address}/publish`, { method: 'POST', headers: { 'x-topic': 't7' }, body: 'x' });
  assert.deepEqual(await message, { id: 1, type: 'message', topic: 't7', payload: 'its own' });
  assert.equal(await (await fetch(`http://${address}/more`)).text(), 'more\n');
  await node.stop();
  while (notes.at(-1) === 'stop') await new Promise(setImmediate);
  assert.deepEqual(notes, ['prepare', 'start', 'opened 1 t7', 'accept 1', 'stop', 'closed 1']);
});
