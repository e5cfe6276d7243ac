import { type CustomClient, defineDriver } from 'pushbench';
import { io, type Socket } from 'socket.io-client';

/** One connection without the library's own reconnecting: when to come back, pushbench decides and counts. */
function open({ url, headers, signal }: Pick<CustomClient, 'url' | 'headers' | 'signal'>): Promise<Socket> {
  const socket = io(url, {
    forceNew: true,
    reconnection: false,
    transports: ['websocket'],
    extraHeaders: headers,
  });
  signal.addEventListener('abort', () => socket.close());
  return new Promise((resolve, reject) =>
    socket.on('connect', () => resolve(socket)).on('connect_error', reject),
  );
}

export default defineDriver({
  async connect(client) {
    const socket = await open(client);
    socket.on('said', client.message).on('disconnect', (why) => client.closed(why));
    await socket.emitWithAck('join', client.topic);
    return socket;
  },

  async publisher(target) {
    const socket = await open(target);
    return {
      publish: (topic, payload) => socket.timeout(5_000).emitWithAck('say', topic, payload),
      close: () => void socket.close(),
    };
  },
});
