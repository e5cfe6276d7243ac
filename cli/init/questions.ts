import { PATHS, PROTOCOLS } from '../targetProtocols.ts';
import type { Clue, Clues } from './lookAround.ts';

/** What `bench init` has to know, and the flags that say it. */
export const INIT_KEYS = [
  'protocol',
  'driver',
  'start',
  'install',
  'build',
  'path',
  'publish',
  'ready',
] as const;
export type InitKey = (typeof INIT_KEYS)[number];

/** Answers so far; an empty one: there is no such thing. */
export type Answers = Readonly<Partial<Record<InitKey, string>>>;

/** What a user answers where there is nothing to be named. */
export const NONE = 'none';
/** The address of a server that runs, in place of a command. */
export const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\//i;

export interface Question {
  readonly key: InitKey;
  readonly text: string;
  /** Whether it is asked at all, after what was answered before. */
  readonly isAsked: (answers: Answers) => boolean;
  /** What is taken where nothing is said, and where it is from; null: it has to be said. */
  readonly fallback: (clues: Clues, answers: Answers) => Clue | null;
  /** What an answer must be; null: it is that. */
  readonly fault: (answer: string) => string | null;
}

const always = (): boolean => true;
const isStarted = ({ start }: Answers): boolean => !ADDRESS.test(start ?? '');
const isNot =
  (protocol: string) =>
  (answers: Answers): boolean =>
    answers.protocol !== protocol;
const anything = (): null => null;
const byDefault = (value: string): Clue => ({ value, from: 'default' });
const aPath = (answer: string): string | null =>
  answer === '' || answer.startsWith('/') ? null : `a path from /, such as /events, or ${NONE}`;

/** In the order in which they are asked. */
export const QUESTIONS: readonly Question[] = [
  {
    key: 'protocol',
    text: `What does it speak to its clients: ${PROTOCOLS.join(', ')} (by a driver of yours)?`,
    isAsked: always,
    fallback: ({ protocol }) => protocol ?? byDefault('sse'),
    fault: (answer) =>
      PROTOCOLS.some((protocol) => protocol === answer)
        ? null
        : `one of ${PROTOCOLS.join(', ')}; custom is any other, by a driver: docs/adapters/README.md`,
  },
  {
    key: 'driver',
    text: 'In which file is the driver that speaks it (docs/adapters/README.md)?',
    isAsked: ({ protocol }) => protocol === 'custom',
    fallback: ({ driver }) => driver ?? null,
    fault: (answer) => (answer === '' ? 'the file of a driver, such as ./driver.ts' : null),
  },
  {
    key: 'start',
    text: 'What starts it (it gets PORT, and {port} is replaced), or at which address does it run already?',
    isAsked: always,
    fallback: ({ start }) => start ?? null,
    fault: (answer) => (answer === '' ? 'a command, such as node server.js, or an address' : null),
  },
  {
    key: 'install',
    text: `What installs its dependencies (or ${NONE})?`,
    isAsked: isStarted,
    fallback: ({ install }) => install ?? byDefault(''),
    fault: anything,
  },
  {
    key: 'build',
    text: `What builds it (or ${NONE})?`,
    isAsked: isStarted,
    fallback: ({ build }) => build ?? byDefault(''),
    fault: anything,
  },
  {
    key: 'path',
    text: 'At which path do clients subscribe ({topic} is the room, where there are rooms)?',
    isAsked: isNot('grpc'),
    fallback: (_clues, { protocol }) => byDefault(pathOf(protocol ?? 'sse')),
    fault: (answer) => (answer.startsWith('/') ? null : 'a path from /, such as /events?room={topic}'),
  },
  {
    key: 'publish',
    text: `At which path are messages posted to it ({topic} as before; ${NONE}: a driver publishes, or only connections are measured)?`,
    isAsked: isNot('grpc'),
    fallback: (_clues, { protocol, path = '' }) =>
      byDefault(protocol === 'custom' ? '' : `/publish${roomOf(path)}`),
    fault: aPath,
  },
  {
    key: 'ready',
    text: `Which path answers 2xx once it serves (or ${NONE}: it serves once it accepts connections)?`,
    isAsked: isStarted,
    fallback: () => byDefault(''),
    fault: aPath,
  },
];

function pathOf(protocol: string): string {
  if (protocol === 'ws' || protocol === 'sse-h2' || protocol === 'custom') return PATHS[protocol];
  return protocol === 'poll' ? PATHS.interval : PATHS.sse;
}

/** As the path of the clients names the room: a server that has rooms has to be told that of each message. */
function roomOf(path: string): string {
  const [named = 'topic={topic}'] = /(?<=[?&])[\w.-]+=\{topic\}/.exec(path) ?? [];
  return path.includes('{topic}') ? `?${named}` : '';
}
