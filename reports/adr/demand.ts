import type { Verdict } from '../../contract/result.ts';
import { worstVerdict } from '../verdicts.ts';
import type { Measured } from './measured.ts';
import { cornered, type End, exactly, type Quantity, type Range } from './range.ts';
import { deliveriesPerSecond, type Traffic } from './traffic.ts';

/** What one option needs at the peak, before any reserve but the share of a node that stays unused. */
export interface Demand {
  readonly unitsPerSecond: number;
  /** Server processes of one core each; infinite where the publishes alone fill each of them. */
  readonly processes: Range;
  /** Cores of the bus; 0: there is none. */
  readonly busCores: Range;
  /** Resident and kernel memory, bytes. */
  readonly memoryBytes: Range;
  /** Bytes sent to clients per second. */
  readonly bytesPerSecond: Range;
  /** Worst verdict of the figures it is made of. */
  readonly verdict: Verdict;
}

/** Figures without which nothing can be priced, by the name that a reader knows them by. */
export function missingOf({ cpu, memory, base, wire, hasUnseenBus }: Measured): string[] {
  const named: readonly (readonly [boolean, string])[] = [
    [cpu === null, 'CPU per delivery'],
    [memory === null || base === null, 'memory per connection'],
    [wire === null, 'bytes sent per delivery'],
    [hasUnseenBus, 'the CPU and memory of its bus, which runs elsewhere'],
  ];
  return named.flatMap(([isMissing, name]) => (isMissing ? [name] : []));
}

/**
 * What the traffic takes; null where a figure for it is missing.
 * @param usableShare share of a node that may be used at the peak
 */
export function demandOf(measured: Measured, traffic: Traffic, usableShare: number): Demand | null {
  const { cpu, memory, base, wire } = measured;
  if (!cpu || !memory || !base || !wire || measured.hasUnseenBus) return null;
  const needed = { cpu, memory, base, wire };
  const processes = processesOf(measured, needed, traffic, usableShare);
  const nothing = exactly(0);
  const kernel = measured.kernel?.range ?? nothing;
  const bus = measured.busMemory?.range ?? nothing;
  const connections = traffic.connections.value;
  return {
    unitsPerSecond: unitsPerSecond(measured, traffic),
    processes,
    busCores: busCoresOf(measured, traffic, usableShare),
    memoryBytes: cornered(
      [memory.range, kernel, base.range, processes, bus],
      (end) =>
        connections * (memory.range[end] + kernel[end]) +
        wholeProcesses(processes[end]) * base.range[end] +
        bus[end],
    ),
    bytesPerSecond: cornered(
      [wire.range],
      (end) => unitsPerSecond(measured, traffic) * bytesPerUnit(measured, wire, traffic, end),
    ),
    verdict: worstVerdict(
      Object.values(measured).flatMap((each) => (isQuantity(each) ? [each.verdict] : [])),
    ),
  };
}

/** Deliveries per second; of clients that ask on an interval, polls per second. */
export function unitsPerSecond({ pollIntervalSeconds }: Measured, traffic: Traffic): number {
  return pollIntervalSeconds > 0
    ? traffic.connections.value / pollIntervalSeconds
    : deliveriesPerSecond(traffic);
}

interface Needed {
  readonly cpu: Quantity;
}

/**
 * A process is one core. Where each takes every publish, that much of each is gone before it delivers anything: adding
 * processes then divides the deliveries, not the publishes.
 */
function processesOf(measured: Measured, { cpu }: Needed, traffic: Traffic, usableShare: number): Range {
  const publish = measured.publishCpu?.range ?? exactly(0);
  const units = unitsPerSecond(measured, traffic);
  const messages = traffic.messagesPerSecond.value;
  return cornered([cpu.range, publish], (end) => {
    const fanOut = units * cpu.range[end];
    const ingest = messages * publish[end];
    const core = 1e6 * usableShare;
    if (!measured.everyProcessTakesPublishes) return (fanOut + ingest) / core;
    return ingest >= core ? Number.POSITIVE_INFINITY : fanOut / (core - ingest);
  });
}

function busCoresOf({ busCpu }: Measured, traffic: Traffic, usableShare: number): Range {
  if (busCpu === null) return exactly(0);
  return cornered(
    [busCpu.range],
    (end) => (deliveriesPerSecond(traffic) * busCpu.range[end]) / (1e6 * usableShare),
  );
}

/** As measured, and the difference of the payloads for each unit that carries one. */
function bytesPerUnit(
  { payloadBytes, carryingShare }: Measured,
  wire: Quantity,
  traffic: Traffic,
  end: End,
): number {
  const difference = payloadBytes === null ? 0 : traffic.payloadBytes.value - payloadBytes;
  return Math.max(0, wire.range[end] + carryingShare * difference);
}

function isQuantity(value: Measured[keyof Measured]): value is Quantity {
  return typeof value === 'object' && value !== null;
}

function wholeProcesses(processes: number): number {
  // A quotient that is meant to be whole may be 5.0000000000000002.
  return Math.max(1, Math.ceil(processes - 1e-9));
}
