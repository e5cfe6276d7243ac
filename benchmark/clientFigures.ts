import { formatBytes, plainNumbers } from '../reports/numbers.ts';
import { benchmarkClients, type ClientFigures } from './clients.ts';
import { benchmarkFrameParser } from './clientsFrameParser.ts';
import { benchmarkParser, type ParserFigures } from './clientsParser.ts';
import type { Benchmark, Figure } from './figure.ts';

const QUICK_LEVELS = [200, 400, 600];
const PROTOCOLS = { sse: 'SSE', ws: 'WebSocket' } as const;

/** The lean driver beside the ecosystem's clients. */
export const clients: Benchmark = {
  name: 'clients',
  summary: 'lean drivers, http.get, eventsource and ws at 10,000 connections each; about two minutes',
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
  const isOurs = client.name === 'lean driver';
  return {
    what: `${PROTOCOLS[client.protocol]} client, RSS per connection: ${client.name}`,
    must: isOurs ? '4 KiB' : '',
    aim: isOurs ? '2 KiB' : '',
    measured: plainNumbers(formatBytes(rssPerConnectionBytes)),
    ruler: `slope over five levels up to ${connections.toLocaleString('en')} connections, after forced GC, one client process`,
  };
}

function cpuFigure({ client, cpuUsPerDelivery }: ClientFigures): Figure {
  return {
    what: `${PROTOCOLS[client.protocol]} client, CPU per delivery: ${client.name}`,
    must: '',
    aim: '',
    measured: `${cpuUsPerDelivery.toFixed(1)} µs`,
    ruler: 'user and system time of the client process, 256 B messages, one per read',
  };
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
