import { formatBytes, plainNumbers } from '../reports/numbers.ts';
import { benchmarkClients, type ClientFigures } from './clients.ts';
import { benchmarkFrameParser } from './clientsFrameParser.ts';
import type { Client } from './clientsMessages.ts';
import { benchmarkParser, type ParserFigures } from './clientsParser.ts';
import type { Benchmark, Figure } from './figure.ts';

const QUICK_LEVELS = [200, 400, 600];
const PROTOCOLS = { sse: 'SSE', ws: 'WebSocket', grpc: 'gRPC' } as const;

/** Budgets of the lean drivers' memory: for a connection of its own, and for a stream of a shared one. */
const PLAIN_BUDGET = { must: '4 KiB', aim: '2 KiB' };
const GRPC_BUDGETS: ReadonlyMap<number, typeof PLAIN_BUDGET> = new Map([
  [1, { must: '45 KiB', aim: '' }],
  [100, { must: '30 KiB', aim: '14 KiB' }],
]);
const NO_BUDGET = { must: '', aim: '' };

/** The lean driver beside the ecosystem's clients. */
export const clients: Benchmark = {
  name: 'clients',
  summary:
    'lean drivers, http.get, eventsource, ws and grpc-js at 10,000 connections or streams each; about four minutes',
  async measure({ quick }): Promise<readonly Figure[]> {
    const figures = await (quick ? benchmarkClients(QUICK_LEVELS) : benchmarkClients());
    return figures.flatMap((client) => [memoryFigure(client), cpuFigure(client)]);
  },
};

/** Reading the event stream alone. */
export const parser: Benchmark = {
  name: 'parser',
  summary: 'cost of parsing one message in the lean drivers; a few seconds',
  measure: () =>
    Promise.resolve([...benchmarkParser().map(parserFigure), ...benchmarkFrameParser().map(frameFigure)]),
};

function memoryFigure({ client, connections, rssPerConnectionBytes }: ClientFigures): Figure {
  const { unit, shape } = shapeOf(client);
  return {
    what: `${PROTOCOLS[client.protocol]} client, RSS per ${unit}${shape}: ${client.name}`,
    ...budgetOf(client),
    measured: plainNumbers(formatBytes(rssPerConnectionBytes)),
    ruler: `slope over five levels up to ${connections.toLocaleString('en')} ${unit}s, after forced GC, one client process`,
  };
}

function cpuFigure({ client, cpuUsPerDelivery }: ClientFigures): Figure {
  const { shape } = shapeOf(client);
  const reads = client.streamsPerConnection > 1 ? '' : ', one per read';
  return {
    what: `${PROTOCOLS[client.protocol]} client, CPU per delivery${shape}: ${client.name}`,
    must: '',
    aim: '',
    measured: `${cpuUsPerDelivery.toFixed(1)} µs`,
    ruler: `user and system time of the client process, 256 B messages${reads}`,
  };
}

function shapeOf({ protocol, streamsPerConnection }: Client): {
  readonly unit: string;
  readonly shape: string;
} {
  if (protocol !== 'grpc') return { unit: 'connection', shape: '' };
  return { unit: 'stream', shape: `, ${streamsPerConnection} per connection` };
}

function budgetOf({ protocol, name, streamsPerConnection }: Client): typeof PLAIN_BUDGET {
  if (name !== 'lean driver') return NO_BUDGET;
  return protocol === 'grpc' ? (GRPC_BUDGETS.get(streamsPerConnection) ?? NO_BUDGET) : PLAIN_BUDGET;
}

function parserFigure({ payloadBytes, wholeNs, splitNs }: ParserFigures): Figure {
  return {
    what: `parsing one event of ${payloadBytes.toLocaleString('en')} B`,
    must: '',
    aim: '',
    measured: `${wholeNs.toFixed(0)} ns whole, ${splitNs.toFixed(0)} ns split`,
    ruler: 'chunked decoder, event parser and last-id table; in one read, or cut in the middle of the data',
  };
}

function frameFigure({ payloadBytes, wholeNs, splitNs }: ParserFigures): Figure {
  return {
    what: `parsing one WebSocket message of ${payloadBytes.toLocaleString('en')} B`,
    must: '',
    aim: '',
    measured: `${wholeNs.toFixed(0)} ns whole, ${splitNs.toFixed(0)} ns split`,
    ruler: 'frame parser with the check for UTF-8; in one read, or cut in the middle of the data',
  };
}
