// A chat server that is strict about who speaks and how, for the examples of docs/own-server.md. It takes its port from its first
// argument or PORT, prints it, and writes a line for every request into seen.jsonl.
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';

const TOKENS = ['alpha', 'beta', 'gamma'];
const rooms = new Map();

function roomOf(name) {
  if (!rooms.has(name)) rooms.set(name, new Set());
  return rooms.get(name);
}

/** What a subscriber has to be; the status of the answer. */
function subscribe({ url, headers }) {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const [, where, room] = pathname.split('/');
  const user = searchParams.get('user');
  const isOwn = headers.authorization === `Bearer ${TOKENS[Number(user) % TOKENS.length]}`;
  return { status: where !== 'rooms' ? 404 : isOwn && headers['x-app'] === 'web' ? 200 : 401, room, user };
}

/** What a message has to be. */
function post({ headers }, body) {
  const { room, text } = JSON.parse(body);
  const isOwn = headers.authorization === 'Bearer publisher';
  const isJson = headers['content-type'] === 'application/json';
  return { status: !isOwn ? 401 : isJson ? 202 : 415, posted: room, text };
}

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    const { status, room, user } = subscribe(request);
    appendFileSync('seen.jsonl', `${JSON.stringify({ status, room, user })}\n`);
    if (status !== 200) return response.writeHead(status).end();
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    roomOf(room).add(response);
    return response.on('close', () => roomOf(room).delete(response));
  }
  let body = '';
  request.setEncoding('utf8').on('data', (part) => {
    body += part;
  });
  request.on('end', () => {
    const { status, posted, text } = post(request, body);
    appendFileSync('seen.jsonl', `${JSON.stringify({ status, posted, bytes: text.length })}\n`);
    if (status === 202) for (const subscriber of roomOf(posted)) subscriber.write(`data: ${text}\n\n`);
    response.writeHead(status).end();
  });
});
server.listen(Number(process.argv[2] ?? process.env.PORT), '127.0.0.1', () =>
  process.stdout.write(`${server.address().port}\n`),
);
