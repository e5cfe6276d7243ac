import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { ScriptedServer } from '../../test/driverConformanceServer.ts';
import { TcpTransport } from './tcpTransport.ts';

describe('TCP transport', () => {
  it('may take the read callback to be called with the socket as `this`, which Node does not document', async () => {
    const server = new ScriptedServer([(connection) => connection.send('hello')]);
    await server.start();
    let receiver: unknown = null;
    const closed: Promise<unknown>[] = [];
    const read = new Promise<void>((resolve) => {
      const socket = connect({
        host: '127.0.0.1',
        port: server.port,
        onread: {
          buffer: Buffer.alloc(16),
          callback(this: unknown) {
            receiver = this === socket;
            resolve();
            return true;
          },
        },
      });
      socket.write('GET / HTTP/1.1\r\n\r\n');
      closed.push(once(socket, 'close'));
    });
    await read;
    await server.stop();
    await Promise.all(closed);
    assert.equal(receiver, true);
  });

  it('hands each slot its bytes out of one shared buffer', async () => {
    const server = new ScriptedServer([(connection) => connection.send(connection.request)]);
    await server.start();
    const texts: string[] = [];
    const buffers = new Set<Uint8Array>();
    let answered = (): void => {};
    const all = new Promise<void>((resolve) => {
      answered = resolve;
    });
    const ended: number[] = [];
    const transport = new TcpTransport(3, {
      connected: (slot) => transport.write(slot, `slot ${slot}\r\n\r\n`),
      onBytes: (slot, buffer, length) => {
        buffers.add(buffer);
        texts[slot] = Buffer.from(buffer.subarray(0, length)).toString('latin1');
        if (Object.keys(texts).length === 3) answered();
      },
      ended: (slot) => ended.push(slot),
    });
    for (let slot = 0; slot < 3; slot++) transport.connect(slot, '127.0.0.1', server.port);
    await all;
    await transport.destroyAll();
    await server.stop();
    assert.deepEqual(texts, ['slot 0\r\n\r\n', 'slot 1\r\n\r\n', 'slot 2\r\n\r\n']);
    assert.equal(buffers.size, 1);
    assert.deepEqual([transport.bytesRead, transport.bytesWritten], [30, 30]);
    assert.deepEqual(ended.sort(), [0, 1, 2]);
  });

  it('reads nothing more of a slot that has taken its share, until it may again', async () => {
    const server = new ScriptedServer([
      async (connection) => {
        // The first answer is read at once; the second waits in the kernel.
        await connection.send('one'.padEnd(600));
        if ((await connection.next((sent) => sent === 'more')) === 'more') await connection.send('two');
        await connection.closed;
      },
    ]);
    await server.start();
    const told: string[] = [];
    let heard = (): void => {};
    const transport = new TcpTransport(2, {
      connected: (slot) => transport.write(slot, 'GET / HTTP/1.1\r\n\r\n'),
      onBytes: (slot, buffer, length) => {
        told.push(`${slot} ${Buffer.from(buffer.subarray(0, length)).toString('latin1').trim()}`);
        transport.write(slot, 'more');
        heard();
      },
      ended: () => {},
    });
    const until = async (count: number): Promise<void> => {
      while (told.length < count) {
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
    };
    transport.throttle(0, 1);
    transport.connect(0, '127.0.0.1', server.port);
    await until(1);
    transport.connect(1, '127.0.0.1', server.port);
    await until(3);
    // Slot 1 has exchanged two answers meanwhile, and slot 0 one: at 1 byte per second the second is due in ten minutes.
    assert.deepEqual(told, ['0 one', '1 one', '1 two']);
    transport.throttle(0, null);
    await until(4);
    await transport.destroyAll();
    await server.stop();
    assert.equal(told[3], '0 two');
  });
});
