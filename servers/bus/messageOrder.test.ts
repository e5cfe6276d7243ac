import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BusMessage } from './bus.ts';
import { MessageOrder } from './messageOrder.ts';

function message(id: number): BusMessage {
  return { id, topic: 't', data: Buffer.alloc(0), publishedUs: 0 };
}

/** An order that writes down what it tells its listener. */
function recorded(): { order: MessageOrder; told: string[] } {
  const told: string[] = [];
  const order = new MessageOrder({
    messages: (messages, isLive) =>
      told.push(`${isLive ? '' : 'old '}${messages.map(({ id }) => id).join(' ')}`),
    skipped: (toId) => told.push(`to ${toId}`),
    notice() {},
    connection() {},
  });
  return { order, told };
}

const EPOCH = 2 ** 32;

test('hands each message on once, in order, and counts what never came', () => {
  const rows: readonly { name: string; do: (order: MessageOrder) => void; told: string[]; lost: number }[] = [
    {
      name: 'one after the other',
      do: (order) => {
        order.begin(0, 0);
        order.receive([message(1), message(2)]);
        order.receive([message(3)]);
      },
      told: ['to 0', '1 2', '3'],
      lost: 0,
    },
    {
      name: 'where nothing is kept the first one says where the node joined',
      do: (order) => order.receive([message(41), message(42)]),
      told: ['to 40', '41 42'],
      lost: 0,
    },
    {
      name: 'and a mark that comes before any message as well',
      do: (order) => {
        order.reached(40);
        order.receive([message(42)]);
      },
      told: ['to 40', 'to 41', '42'],
      lost: 1,
    },
    {
      name: 'a hole within and between',
      do: (order) => {
        order.begin(0, 0);
        order.receive([message(1), message(4), message(5)]);
        order.receive([message(8)]);
      },
      told: ['to 0', '1', 'to 3', '4 5', 'to 7', '8'],
      lost: 4,
    },
    {
      name: 'what came before comes again after a reconnect',
      do: (order) => {
        order.begin(0, 0);
        order.receive([message(1), message(2)]);
        order.receive([message(1), message(2), message(3)]);
        order.receive([message(2), message(3)]);
      },
      told: ['to 0', '1 2', '3'],
      lost: 0,
    },
    {
      name: 'a mark at the end',
      do: (order) => {
        order.begin(0, 0);
        order.receive([message(1)]);
        order.reached(1);
        order.reached(3);
      },
      told: ['to 0', '1', 'to 3'],
      lost: 2,
    },
    {
      name: 'what is older than the node is history',
      do: (order) => {
        order.begin(2, 4);
        order.receive([message(3), message(4), message(5)]);
      },
      told: ['to 2', 'old 3 4', '5'],
      lost: 0,
    },
    {
      name: 'an epoch that begins anew is no loss, but what was known to be given is',
      do: (order) => {
        order.begin(0, 0);
        order.receive([message(1)]);
        order.assigned(3);
        order.receive([message(EPOCH + 2)]);
      },
      told: ['to 0', '1', `to ${EPOCH + 1}`, String(EPOCH + 2)],
      lost: 3,
    },
    {
      name: 'also where it published in the new epoch before anything came',
      do: (order) => {
        order.begin(0, 0);
        order.receive([message(1)]);
        order.assigned(2);
        order.assigned(EPOCH);
        order.assigned(EPOCH + 1);
        order.receive([message(EPOCH + 1)]);
      },
      told: ['to 0', '1', `to ${EPOCH}`, String(EPOCH + 1)],
      lost: 1,
    },
    {
      name: 'where another node knew how far the epoch before went',
      do: (order) => {
        order.begin(0, 0);
        order.receive([message(1)]);
        order.epochEnded(4);
        order.receive([message(EPOCH + 1)]);
        order.epochEnded(4);
      },
      told: ['to 0', '1', `to ${EPOCH}`, String(EPOCH + 1)],
      lost: 3,
    },
    {
      name: 'which is nothing to a node that is new',
      do: (order) => {
        order.epochEnded(4);
        order.receive([message(EPOCH + 1), message(EPOCH + 2)]);
      },
      told: [`to ${EPOCH}`, `${EPOCH + 1} ${EPOCH + 2}`],
      lost: 0,
    },
    {
      name: 'a node that was away for a whole epoch counts what it knows of',
      do: (order) => {
        order.begin(0, 0);
        order.receive([message(1)]);
        order.epochEnded(EPOCH + 5);
        order.receive([message(2 * EPOCH + 1)]);
      },
      told: ['to 0', '1', `to ${2 * EPOCH}`, String(2 * EPOCH + 1)],
      lost: 5,
    },
  ];
  for (const row of rows) {
    const { order, told } = recorded();
    row.do(order);
    assert.deepEqual(told, row.told, row.name);
    assert.equal(order.lost, row.lost, row.name);
  }
});
