import { type Fault, UsageError } from '../contract/errors.ts';
import { waterMarks } from '../contract/flow.ts';
import {
  DEFAULT_SERVER_LIMITS,
  DEFAULT_SERVER_OPTIONS,
  type Endpoint,
  type ServerOptions,
} from '../contract/pushServer.ts';
import { type Flags, longFlag } from './given.ts';
import { WORKLOAD_OPTIONS } from './options.ts';
import { count } from './parse/count.ts';
import { duration } from './parse/duration.ts';
import type { Parsed, Parser } from './parse/parsed.ts';
import { size } from './parse/size.ts';
import { SERVE_HINT } from './serveHint.ts';

/** One option of `bench serve`, in the form of the help. */
export interface ServeOption {
  readonly flag: string;
  readonly description: string;
  readonly repeatable?: boolean;
}

/** Flags of `bench serve` by the attribute that commander makes of them. */
export const SERVE_OPTIONS = {
  stage: { flag: '--stage <name>', description: 'stage, or stage:variant (default: the first stage)' },
  variant: { flag: '--variant <name>', description: 'variant of the stage (default: the idiomatic one)' },
  port: { flag: '--port <port>', description: 'port; 0 takes a free one (default: 8080)' },
  host: { flag: '--host <host>', description: 'address to listen on (default: 127.0.0.1)' },
  encoding: {
    flag: WORKLOAD_OPTIONS.encoding.flag ?? '',
    description: 'json, text or protobuf (default: json)',
  },
  heartbeat: { flag: '--heartbeat <style>', description: 'comment, event or none (default: comment)' },
  heartbeatInterval: {
    flag: '--heartbeat-interval <time>',
    description: 'time between heartbeats (default: 15s)',
  },
  pingInterval: {
    flag: '--ping-interval <time>',
    description: 'WebSocket, gRPC: time between pings (default: 25s)',
  },
  pongTimeout: {
    flag: '--pong-timeout <time>',
    description: 'WebSocket, gRPC: time for the pong before the peer is evicted (default: 8s)',
  },
  backendDelay: {
    flag: WORKLOAD_OPTIONS.backendDelayMs.flag ?? '',
    description: 'polling: time that the store behind each poll takes (default: 0)',
  },
  keepAlive: {
    flag: '--keep-alive <time>',
    description: 'polling: how long a connection may rest between polls (default: 15s)',
  },
  hold: {
    flag: '--hold <time>',
    description: 'long polling: how long a poll is held without an event (default: 25s)',
  },
  nodes: { flag: '--nodes <count>', description: 'cluster: nodes to start (default: 2)' },
  nodeId: {
    flag: '--node-id <name>',
    description: 'cluster: start one node of this name, which joins others at --bus',
  },
  bus: {
    flag: '--bus <url>',
    description: 'cluster: its bus, such as redis://127.0.0.1:6379 (default: one that ends with it)',
  },
  retry: {
    flag: '--retry <time>',
    description: 'reconnect delay told to clients, such as 3s (default: none)',
  },
  security: {
    flag: '--security <kind>',
    description: 'plain, tls or mtls-jwt, with an authority of its own (default: plain)',
  },
  tlsOut: {
    flag: '--tls-out <dir>',
    description: 'folder for what clients of a protected server need: certificates, key, token',
  },
  metricsAddr: { flag: '--metrics-addr <host:port>', description: 'address of its own for /metrics' },
  cors: {
    flag: '--cors <origin>',
    description: 'browser origin that may read (repeatable)',
    repeatable: true,
  },
  maxConnections: { flag: '--max-connections <count>', description: 'live connections (default: 200k)' },
  headerTimeout: { flag: '--header-timeout <time>', description: 'time for a request head (default: 10s)' },
  maxHeader: { flag: '--max-header <size>', description: 'bytes of a request head (default: 8KB)' },
  maxPublish: { flag: '--max-publish <size>', description: 'bytes of a publish body (default: 1MB)' },
  maxUnsent: { flag: '--max-unsent <size>', description: 'bytes waiting for a slow reader (default: 1MB)' },
  flowLimit: {
    flag: '--flow-limit <count>',
    description: 'messages waiting for a slow reader (default: 4096)',
  },
  replayEvents: { flag: '--replay-events <count>', description: 'events kept for resume (default: 8192)' },
  replayBytes: { flag: '--replay-bytes <size>', description: 'bytes kept for resume (default: 16MB)' },
} as const satisfies Readonly<Record<string, ServeOption>>;

const MIB = 1_048_576;
const PORT = count({ min: 0, max: 65_535 });
const BYTES = size({ min: 1, max: 1_024 * MIB });
const TIME = duration({ min: 10, max: 3_600_000 });
/** Of Redis, and of the hub that runs keep for the embedded bus. */
const BUS_PROTOCOLS = ['redis:', 'rediss:', 'tcp:'];
const MANY = count({ min: 1, max: 10_000_000 });

/**
 * The options of the server that `bench serve` starts.
 * @throws UsageError with all faults at once
 */
export function serveOptions(flags: Flags, before: readonly Fault[] = []): ServerOptions {
  const faults: Fault[] = [...before];
  const read = <T>(key: keyof typeof SERVE_OPTIONS, parse: Parser<T>, fallback: T): T => {
    if (flags[key] === undefined) return fallback;
    const parsed = parse(flags[key]);
    if (parsed.ok) return parsed.value;
    // The address of a bus may hold a password.
    const value = key === 'bus' ? undefined : flags[key];
    faults.push({ key: longFlag(SERVE_OPTIONS[key].flag), value, expected: parsed.expected });
    return fallback;
  };
  const defaults = DEFAULT_SERVER_OPTIONS;
  const limits = DEFAULT_SERVER_LIMITS;
  const options: ServerOptions = {
    listen: [{ host: read('host', hostName, '127.0.0.1'), port: read('port', PORT, 8_080) }],
    metrics: read<Endpoint | null>('metricsAddr', address, null),
    encoding: read('encoding', WORKLOAD_OPTIONS.encoding.parse, defaults.encoding),
    heartbeat: read('heartbeat', WORKLOAD_OPTIONS.heartbeat.parse, defaults.heartbeat),
    heartbeatMs: read('heartbeatInterval', TIME, defaults.heartbeatMs),
    pingMs: read('pingInterval', TIME, defaults.pingMs),
    pongTimeoutMs: read('pongTimeout', TIME, defaults.pongTimeoutMs),
    backendDelayMs: read('backendDelay', WORKLOAD_OPTIONS.backendDelayMs.parse, defaults.backendDelayMs),
    keepAliveMs: read('keepAlive', TIME, defaults.keepAliveMs),
    holdMs: read('hold', TIME, defaults.holdMs),
    nodeId: read('nodeId', nodeName, defaults.nodeId),
    busUrl: read<string | null>('bus', busAddress, null),
    retryMs: read<number | null>('retry', duration({ min: 0, max: 3_600_000 }), null),
    replayEvents: read('replayEvents', MANY, defaults.replayEvents),
    replayBytes: read('replayBytes', BYTES, defaults.replayBytes),
    security: null,
    flow: {
      ...defaults.flow,
      connectionMessages: waterMarks(
        read('flowLimit', WORKLOAD_OPTIONS.flowMessages.parse, defaults.flow.connectionMessages.high),
      ),
      connectionBytes: waterMarks(read('maxUnsent', BYTES, defaults.flow.connectionBytes.high)),
    },
    registration: null,
    allowedOrigins: read<readonly string[]>('cors', origins, []),
    instrument: null,
    limits: {
      maxConnections: read('maxConnections', MANY, limits.maxConnections),
      headerTimeoutMs: read('headerTimeout', TIME, limits.headerTimeoutMs),
      maxHeaderBytes: read('maxHeader', size({ min: 256, max: MIB }), limits.maxHeaderBytes),
      maxPublishBytes: read('maxPublish', BYTES, limits.maxPublishBytes),
    },
  };
  if (faults.length > 0) throw new UsageError(faults, SERVE_HINT);
  return options;
}

function hostName(input: unknown): Parsed<string> {
  return typeof input === 'string' && /^[\w.:-]+$/.test(input)
    ? { ok: true, value: input }
    : { ok: false, expected: 'an address or host name, such as 127.0.0.1' };
}

function nodeName(input: unknown): Parsed<string> {
  return typeof input === 'string' && /^[\w.-]{1,64}$/.test(input)
    ? { ok: true, value: input }
    : { ok: false, expected: 'a name of letters, digits, _ . -, such as n1' };
}

function busAddress(input: unknown): Parsed<string> {
  const url = URL.parse(String(input));
  return url !== null && BUS_PROTOCOLS.includes(url.protocol) && url.hostname !== ''
    ? { ok: true, value: url.href }
    : { ok: false, expected: 'the address of a bus, such as redis://127.0.0.1:6379' };
}

function address(input: unknown): Parsed<Endpoint> {
  const match = /^\[?([\w.:-]+?)\]?:(\d+)$/.exec(String(input));
  const port = match === null ? null : PORT(match[2]);
  return match !== null && port?.ok
    ? { ok: true, value: { host: match[1], port: port.value } }
    : { ok: false, expected: 'host:port, such as 127.0.0.1:9100' };
}

function origins(input: unknown): Parsed<readonly string[]> {
  const list = Array.isArray(input) ? input.map(String) : [];
  return list.every((origin) => URL.parse(origin)?.origin === origin)
    ? { ok: true, value: list }
    : { ok: false, expected: 'an origin without path, such as http://localhost:3000' };
}
