import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a project's files tell, and which of them did. */
export interface Clue {
  readonly value: string;
  /** E.g. `script "start" of package.json`. */
  readonly from: string;
}

/** What is known of a server from the files around it; absent: they do not tell. */
export interface Clues {
  readonly protocol?: Clue;
  readonly driver?: Clue;
  readonly install?: Clue;
  readonly build?: Clue;
  readonly start?: Clue;
}

/** Looks for a server of Node, Go, Rust or Python in a folder: the first that is there says how it is made and started. */
export function lookAround(folder: string): Clues {
  const driver = ['driver.ts', 'driver.mts', 'driver.js', 'driver.mjs'].find((name) =>
    existsSync(join(folder, name)),
  );
  const own = driver === undefined ? {} : { driver: { value: `./${driver}`, from: driver } };
  for (const look of [lookForNode, lookForGo, lookForRust, lookForPython, lookForScript]) {
    const clues = look(folder);
    if (clues !== null) return { ...clues, ...own };
  }
  return own;
}

/** Packages that say what a server speaks, in whatever language. */
const SPEAKS: readonly (readonly [protocol: string, packages: RegExp])[] = [
  ['custom', /"socket\.io"|python-socketio|\bsocketioxide\b|\/socket\.io\b/],
  ['grpc', /@grpc\/grpc-js|google\.golang\.org\/grpc|\bgrpcio\b|^tonic\b/m],
  ['ws', /["'/](?:ws|websocket|uWebSockets\.js)["'\s@]|\bwebsockets\b|\btokio-tungstenite\b/],
];

function protocolIn(text: string, name: string): Pick<Clues, 'protocol'> {
  const found = SPEAKS.find(([, packages]) => packages.test(text));
  return found === undefined ? {} : { protocol: { value: found[0], from: `dependencies in ${name}` } };
}

function textOf(folder: string, name: string): string | null {
  const path = join(folder, name);
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/** What locks the dependencies of a Node project, and what installs them then. */
const LOCKS = [
  ['package-lock.json', 'npm ci'],
  ['pnpm-lock.yaml', 'pnpm install --frozen-lockfile'],
  ['yarn.lock', 'yarn install --frozen-lockfile'],
] as const;

const NODE_SERVERS = ['server.js', 'server.mjs', 'server.ts', 'index.js', 'index.mjs'];

function lookForNode(folder: string): Clues | null {
  const text = textOf(folder, 'package.json');
  if (text === null) return null;
  const scripts = scriptsOf(text);
  const lock = LOCKS.find(([name]) => existsSync(join(folder, name)));
  const file = NODE_SERVERS.find((name) => existsSync(join(folder, name)));
  const start =
    scripts.start === undefined
      ? file && { value: `node ${file}`, from: file }
      : { value: withoutManager(scripts.start, folder), from: 'script "start" of package.json' };
  return {
    ...protocolIn(text, 'package.json'),
    ...(lock && { install: { value: lock[1], from: lock[0] } }),
    ...(scripts.build !== undefined && {
      build: { value: 'npm run build', from: 'script "build" of package.json' },
    }),
    ...(start && { start }),
  };
}

/** What else stands there than text is none that could be run. */
function scriptsOf(text: string): Readonly<Record<string, string>> {
  const parsed: unknown = parsedOrNull(text);
  const scripts = typeof parsed === 'object' && parsed !== null && 'scripts' in parsed ? parsed.scripts : {};
  const entries = Object.entries(typeof scripts === 'object' && scripts !== null ? scripts : {});
  return Object.fromEntries(
    entries.filter(([, script]) => typeof script === 'string' && script.trim() !== ''),
  );
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A package.json that npm cannot read either tells nothing.
    return null;
  }
}

/** npm would be a process of its own, whose memory counts: what the script runs is run in its place where that can be seen. */
function withoutManager(script: string, folder: string): string {
  const [program] = script.split(' ', 1);
  if (program === 'node') return script;
  return existsSync(join(folder, 'node_modules', '.bin', program))
    ? `./node_modules/.bin/${script}`
    : 'npm start';
}

function lookForGo(folder: string): Clues | null {
  const text = textOf(folder, 'go.mod');
  if (text === null) return null;
  return {
    ...protocolIn(text, 'go.mod'),
    build: { value: 'go build -o bench-server .', from: 'go.mod' },
    start: { value: './bench-server', from: 'go.mod' },
  };
}

function lookForRust(folder: string): Clues | null {
  const text = textOf(folder, 'Cargo.toml');
  if (text === null) return null;
  const name = /^\[package\][^[]*?^name\s*=\s*"([^"]+)"/ms.exec(text)?.[1];
  return {
    ...protocolIn(text, 'Cargo.toml'),
    build: { value: 'cargo build --release', from: 'Cargo.toml' },
    ...(name !== undefined && { start: { value: `./target/release/${name}`, from: 'Cargo.toml' } }),
  };
}

const PYTHON_SERVERS = ['server.py', 'main.py', 'app.py'];

function lookForPython(folder: string): Clues | null {
  const requirements = textOf(folder, 'requirements.txt');
  const project = textOf(folder, 'pyproject.toml');
  const file = PYTHON_SERVERS.find((name) => existsSync(join(folder, name)));
  if (requirements === null && project === null && file === undefined) return null;
  const [from, what] =
    requirements === null ? ['pyproject.toml', '.'] : ['requirements.txt', '-r requirements.txt'];
  const hasPackages = requirements !== null || project !== null;
  const python = hasPackages ? '.venv/bin/python' : 'python3';
  return {
    ...protocolIn(`${requirements ?? ''}\n${project ?? ''}`, from),
    ...(hasPackages && {
      install: { value: `python3 -m venv .venv && .venv/bin/pip install ${what}`, from },
    }),
    ...(file !== undefined && { start: { value: `${python} ${file}`, from: file } }),
  };
}

/** A script of Node with no project around it. */
function lookForScript(folder: string): Clues | null {
  const file = NODE_SERVERS.find((name) => existsSync(join(folder, name)));
  return file === undefined ? null : { start: { value: `node ${file}`, from: file } };
}
