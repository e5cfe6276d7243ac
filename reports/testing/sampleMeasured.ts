import type { Prices } from '../adr/decision.ts';
import type { Measured } from '../adr/measured.ts';
import type { Quantity } from '../adr/range.ts';
import type { Node, Traffic } from '../adr/traffic.ts';

/** A measured quantity; without ends it is known exactly. */
export function quantity(value: number, low = value, high = value): Quantity {
  return { range: { low, value, high, hasInterval: true }, verdict: 'VALID', path: 'a.path', runs: [0] };
}

/** Round numbers, so that what follows from them can be calculated by hand. */
export function sampleMeasured(over: Partial<Measured> = {}): Measured {
  return {
    unit: 'delivery',
    pollIntervalSeconds: 0,
    cpu: quantity(10, 8, 12),
    publishCpu: quantity(100),
    busCpu: null,
    carryingShare: 1,
    payloadBytes: 256,
    wire: quantity(300),
    memory: quantity(10_240),
    kernel: quantity(0),
    base: quantity(104_857_600),
    busMemory: null,
    connects: quantity(1_000),
    everyProcessTakesPublishes: true,
    hasUnseenBus: false,
    ...over,
  };
}

const sourced = (value: number) => ({ value, source: 'a test' });

/** 100,000 connections, 1,000 messages a second to 200 of them: 200,000 deliveries a second. */
export function sampleTraffic(
  over: Partial<Record<'connections' | 'messagesPerSecond' | 'fanOut' | 'payloadBytes', number>> = {},
): Traffic {
  const of = { connections: 100_000, messagesPerSecond: 1_000, fanOut: 200, payloadBytes: 256, ...over };
  return {
    users: null,
    peakShare: null,
    connections: sourced(of.connections),
    messagesPerSecond: sourced(of.messagesPerSecond),
    fanOut: sourced(of.fanOut),
    payloadBytes: sourced(of.payloadBytes),
    isMeasured: false,
  };
}

export function sampleNode(over: Partial<Record<keyof Node, number>> = {}): Node {
  const of = {
    cores: 4,
    memoryGiB: 16,
    gbitPerSecond: 1,
    usableShare: 0.5,
    reconnectWithinMs: 10_000,
    openFiles: 20_000,
    ...over,
  };
  return {
    cores: sourced(of.cores),
    memoryGiB: sourced(of.memoryGiB),
    gbitPerSecond: sourced(of.gbitPerSecond),
    usableShare: sourced(of.usableShare),
    reconnectWithinMs: sourced(of.reconnectWithinMs),
    openFiles: sourced(of.openFiles),
  };
}

export const SAMPLE_PRICES: Prices = {
  perCoreHour: 0.1,
  perGiBHour: 0.01,
  perGiBEgress: 0.05,
  currency: 'EUR',
  isExample: false,
};
