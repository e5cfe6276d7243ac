import { createServer } from 'node:http';

// A server of one accept at a time, which takes eight streams, leaves all others waiting, and answers publishes slowly.

const STREAMS = 8;
/** Longer than the clients need to fill a queue of two behind the one that is served. */
const HELD_MS = 60;

const cell = new Int32Array(new SharedArrayBuffer(4));
let streams = 0;

/** So long that a publisher that waits for each answer is not done with a window of publishes in its last ten seconds. */
const ANSWER_MS = 1_000;

const server = createServer((request, response) => {
  if (request.method !== 'GET') {
    setTimeout(() => response.writeHead(202).end(), ANSWER_MS);
    return;
  }
  Atomics.wait(cell, 0, 0, HELD_MS);
  if (streams++ >= STREAMS) return;
  response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
});
process.on('disconnect', () => process.exit());
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => process.send?.(server.address()));
