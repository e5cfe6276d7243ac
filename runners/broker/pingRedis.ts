import { connect } from 'node:net';
import { messageOf } from '../../contract/errors.ts';
import type { Endpoint } from '../../contract/pushServer.ts';

export type RedisAnswer =
  | { readonly state: 'redis'; readonly version: string }
  | { readonly state: 'unreachable' | 'silent' | 'not-redis' | 'auth' | 'refused'; readonly detail: string };

/** How a Redis is reached; the credentials go nowhere but to it. */
export interface RedisAddress extends Endpoint {
  readonly username?: string;
  readonly password?: string;
}

/** Time for the whole exchange, milliseconds. */
const ANSWER_MS = 5_000;
/** INFO has a few KiB: an answer beyond this is of something else. */
const MAX_ANSWER_BYTES = 65_536;

/** RESP array of bulk strings (Redis serialization protocol specification). */
function command(...words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

/** Without a user as Redis 5 wants it, which knows none (Redis documentation, AUTH). */
function login(username: string | undefined, password: string | undefined): string {
  if (password === undefined) return '';
  return username === undefined ? command('AUTH', password) : command('AUTH', username, password);
}

/**
 * Says PING and INFO by hand: a client library retries, and hides what it saw of a peer that is no Redis.
 * Never throws; never says the password.
 */
export function pingRedis(address: RedisAddress): Promise<RedisAnswer> {
  const { host, port, username, password } = address;
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let text = '';
    const late: RedisAnswer = { state: 'silent', detail: `no answer within ${ANSWER_MS} ms` };
    const timer = setTimeout(() => done(late), ANSWER_MS);
    const done = (answer: RedisAnswer): void => {
      clearTimeout(timer);
      resolve(answer);
      socket.destroy();
    };
    socket.setEncoding('latin1');
    socket.on('connect', () => {
      socket.write(`${login(username, password)}${command('PING')}${command('INFO', 'server')}`);
    });
    socket.on('data', (chunk: string) => {
      text += chunk;
      const answer = readAnswer(text);
      if (answer !== null) done(answer);
    });
    socket.on('error', (error) => done({ state: 'unreachable', detail: messageOf(error) }));
    socket.on('close', () =>
      done(text === '' ? { state: 'silent', detail: 'it closed the connection' } : notRedis(text)),
    );
  });
}

/** null: not all there yet. */
function readAnswer(text: string): RedisAnswer | null {
  const fault = /^-([^\r]*)\r\n/m.exec(text);
  if (fault !== null) {
    const state = /^(NOAUTH|WRONGPASS|ERR AUTH|ERR invalid password)/.test(fault[1]) ? 'auth' : 'refused';
    return { state, detail: fault[1] };
  }
  const version = /^redis_version:([^\r]+)\r\n/m.exec(text);
  if (version !== null) return { state: 'redis', version: version[1] };
  if (!/^[+$]/.test(text) || text.length > MAX_ANSWER_BYTES) return notRedis(text);
  return null;
}

function notRedis(text: string): RedisAnswer {
  return { state: 'not-redis', detail: JSON.stringify(text.slice(0, 60)) };
}
