import type { MemoryLevel, Run } from '../../contract/result.ts';
import { theilSen } from '../../reports/statistics/theilSen.ts';
import type { Evidence } from '../session/evidence.ts';
import { rssOf, type SampledRole } from '../session/snapshot.ts';

type Ruler = 'rssBytes' | 'pssBytes' | 'heapBytes' | 'externalBytes';
type Side = 'server' | 'generator';

export function memoryFigures(evidence: Evidence): Run['memory'] {
  const { levels, baseline, connected } = evidence;
  const last = levels.at(-1);
  const machine = connected?.host.usedBytes ?? null;
  const base = baseline?.host.usedBytes ?? null;
  return {
    server: sideFigures(evidence, 'server', ['server']),
    generator: sideFigures(evidence, 'generator', ['worker']),
    kernelPerConnectionBytes: kernelSlope(levels),
    machineBytes: machine === null || base === null ? null : machine - base,
    sockBytes: peakSockBytes(evidence),
    gc: evidence.plan.subject.kind === 'reference' ? 'forced' : 'natural',
    serverRssNaivePerConnectionBytes: naive(levels[0], last),
    levels,
  };
}

/** The slab is the whole host's: where it shrank while connections grew, other work hid what they took. */
function kernelSlope(levels: readonly MemoryLevel[]): number | null {
  const slope = slopeOf(levels, (level) => (level.afterGc ?? level.settled).kernelSlabBytes);
  return resolved(slope);
}

/** Too few connections for the steps in which a process takes memory: what is not above 0 was not resolved. */
function resolved(slope: number | null): number | null {
  return slope !== null && slope > 0 ? slope : null;
}

function sideFigures(evidence: Evidence, side: Side, roles: readonly SampledRole[]): Run['memory'][Side] {
  const slope = (ruler: Ruler) =>
    resolved(slopeOf(evidence.levels, (level) => (level.afterGc ?? level.settled)[side][ruler]));
  const underLoad = rssUnderLoad(evidence, roles);
  return {
    rssPerConnectionBytes: slope('rssBytes'),
    pssPerConnectionBytes: slope('pssBytes'),
    heapPerConnectionBytes: slope('heapBytes'),
    externalPerConnectionBytes: slope('externalBytes'),
    meanRssBytes: underLoad.length === 0 ? null : underLoad.reduce((a, b) => a + b, 0) / underLoad.length,
    peakRssBytes: underLoad.length === 0 ? null : Math.max(...underLoad),
  };
}

/** Theil-Sen over the levels without level 0, whose one-time growth no further connection pays. */
function slopeOf(levels: readonly MemoryLevel[], of: (level: MemoryLevel) => number | null): number | null {
  const points = levels.slice(1).flatMap((level) => {
    const y = of(level);
    return y === null ? [] : [{ x: level.connections, y }];
  });
  return theilSen(points)?.slope ?? null;
}

function naive(first: MemoryLevel | undefined, last: MemoryLevel | undefined): number | null {
  const base = first?.afterGc?.server.rssBytes ?? null;
  const end = last?.afterGc?.server.rssBytes ?? null;
  if (base === null || end === null || !last || last.connections === 0) return null;
  return (end - base) / last.connections;
}

function windowSamples(evidence: Evidence) {
  if (evidence.window === null) return [];
  const { startUs, durationUs } = evidence.window.spec;
  return evidence.samples.filter(({ atUs }) => atUs >= startUs && atUs <= startUs + durationUs);
}

function rssUnderLoad(evidence: Evidence, roles: readonly SampledRole[]): number[] {
  return windowSamples(evidence).flatMap((sample) => rssOf(sample, roles) ?? []);
}

function peakSockBytes(evidence: Evidence): number | null {
  const bytes = windowSamples(evidence).flatMap(({ host }) => host.sockMemBytes ?? []);
  return bytes.length === 0 ? null : Math.max(...bytes);
}
