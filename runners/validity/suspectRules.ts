import type { ValidityReason } from '../../contract/result.ts';
import { type Unsettled, unsettledBy } from '../../reports/statistics/steadyState.ts';
import { milliseconds } from '../milliseconds.ts';
import { lagBoundUs, ownLagUs, sendBoundUs } from './invalidRules.ts';
import type { Rule } from './rule.ts';

const suspect = (reason: Omit<ValidityReason, 'verdict'>): ValidityReason => ({
  ...reason,
  verdict: 'SUSPECT',
});
const percent = (share: number) => `${Math.round(share * 100)} %`;

const GENERATOR_SHARE = 0.4;
/** A fifth below it, and no server at all would be told apart. */
const CEILING_SHARE = 0.8;
/** System calls of the server per delivery from which a delivery is taken to be a write of its own. */
const ONE_WRITE_EACH = 0.5;
/** A relay on a quiet machine stays below it, at p99. */
const LINK_LAG_US = 1_000;
const STEAL_SHARE = 0.01;
const OTHERS_CORES = 0.05;

const generatorShare: Rule = ({ run, generatorCores }) => {
  if (generatorCores === null) return null;
  const share = generatorCores / run.cpu.cores;
  if (share <= GENERATOR_SHARE) return null;
  return suspect({
    code: 'generatorShare',
    families: ['throughput'],
    message: `generator ${percent(share)} of the machine`,
    advice:
      'The server may be able to do more than this machine can drive: lower the load, or use more cores.',
    figure: share,
    bound: GENERATOR_SHARE,
    unit: 'share',
  });
};

/** Of a search: where the finding is near what a server could get that does nothing else, a better server would look the same. */
const nearGeneratorCeiling: Rule = ({ run: { ceiling, generatorCeiling, io } }) => {
  const found = ceiling?.deliveriesPerSecond ?? null;
  if (found === null || generatorCeiling === null) return null;
  // What was received many messages at a time is no share of what can be received one by one.
  const syscalls = io.server.syscallsPerDelivery;
  if (syscalls !== null && syscalls < ONE_WRITE_EACH) return null;
  const share = found / generatorCeiling.deliveriesPerSecond;
  if (share <= CEILING_SHARE) return null;
  return suspect({
    code: 'nearGeneratorCeiling',
    families: ['throughput'],
    message: `the ceiling is ${percent(share)} of what the generator can take here from a server that does nothing else`,
    advice:
      'The generator may be the limit: a faster server would look much the same on this machine. Use more cores.',
    figure: share,
    bound: CEILING_SHARE,
    unit: 'share',
  });
};

/** Messages were ready to go out and waited for the server: told, since the wait is part of their latency. */
const publishWait: Rule = (judged) => {
  const { run } = judged;
  const lag = run.latencyUs?.sendLag.p99 ?? null;
  const bound = sendBoundUs(run);
  const ownUs = ownLagUs(judged);
  if (lag === null || ownUs === null || lag <= bound || ownUs > bound) return null;
  return suspect({
    code: 'publishWait',
    families: ['latency'],
    message: `messages waited ${milliseconds(lag)} (p99) for the server to answer those before`,
    advice:
      'The server took publishes slowly, and latency holds that wait. For a server of your own that takes several at once, give --publish-depth.',
    figure: lag,
    bound,
    unit: 'us',
  });
};

/** What the relay adds beyond what it was told to is the harness's own, and is in every latency. */
const linkLate: Rule = ({ run, linkLateUs }) => {
  const bound = lagBoundUs(run.latencyUs?.delivery.p99 ?? null, LINK_LAG_US);
  if (linkLateUs === null || linkLateUs <= bound) return null;
  return suspect({
    code: 'linkLate',
    families: ['latency'],
    message: `the relay passed things on ${milliseconds(linkLateUs)} late (p99)`,
    advice: 'Lower the load, or free the machine: the link took longer than --link says.',
    figure: linkLateUs,
    bound,
    unit: 'us',
  });
};

const runDelay: Rule = ({ run, runDelayUs }) => {
  const bound = Math.max(250, (run.latencyUs?.delivery.p50 ?? 0) / 10);
  if (runDelayUs === null || runDelayUs <= bound) return null;
  return suspect({
    code: 'runDelay',
    families: ['latency'],
    message: `generator waited ${Math.round(runDelayUs)} µs for a core at each wake-up`,
    advice: 'Fewer processes or a lower rate: the generator competed for cores.',
    figure: runDelayUs,
    bound,
    unit: 'us',
  });
};

const generatorStarved: Rule = ({ run, generatorStarvedUs }) => {
  const bound = lagBoundUs(run.latencyUs?.delivery.p99 ?? null, 100_000);
  if (generatorStarvedUs <= bound) return null;
  return suspect({
    code: 'generatorStarved',
    families: ['latency'],
    message: `a generator process waited ${Math.round(generatorStarvedUs / 1_000)} ms for a core`,
    advice:
      'Fewer connections, a lower rate or more cores: server and generator filled the machine together.',
    figure: generatorStarvedUs,
    bound,
    unit: 'us',
  });
};

const steal: Rule = ({ host }) => {
  const share = host?.stealShare ?? 0;
  if (share <= STEAL_SHARE) return null;
  return suspect({
    code: 'steal',
    families: ['latency', 'throughput'],
    message: `steal ${percent(share)}`,
    advice: 'Other virtual machines took CPU time: run again, or elsewhere.',
    figure: share,
    bound: STEAL_SHARE,
    unit: 'share',
  });
};

const listenOverflows: Rule = ({ listenOverflows: overflows }) => {
  if (overflows === null || overflows === 0) return null;
  return suspect({
    code: 'listenOverflows',
    families: ['throughput'],
    message: `${overflows} listen overflows`,
    advice: 'Lower --connect-rate: connects were dropped and retried by the kernel.',
    figure: overflows,
    bound: 0,
    unit: 'count',
  });
};

const othersBusy: Rule = ({ othersCores }) => {
  if (othersCores === null || othersCores <= OTHERS_CORES) return null;
  return suspect({
    code: 'othersBusy',
    families: ['latency', 'throughput'],
    message: `other work on the host ${othersCores.toFixed(2)} cores`,
    advice: 'Close what else runs on this machine.',
    figure: othersCores,
    bound: OTHERS_CORES,
    unit: 'cores',
  });
};

const probeDisagrees: Rule = ({ run: { probe, ceiling } }) => {
  // At its ceiling a server is saturated: every process then waits in a queue of its own, lean client or not.
  if (probe === null || probe.agrees !== false || ceiling !== null) return null;
  return suspect({
    code: 'probeDisagrees',
    families: ['latency'],
    message: `probe and bulk medians differ by ${Math.round(probe.differenceUs ?? 0)} µs`,
    advice: 'The ecosystem client sees another latency than the lean one: lower the load and compare again.',
    figure: probe.differenceUs ?? 0,
    bound: probe.boundUs ?? 0,
    unit: 'us',
  });
};

const notSteady: Rule = ({ run: { steadyState, halves, ceiling } }) => {
  if (steadyState?.verdict !== 'no steady state' || halves === null) return null;
  const [largest] = unsettledBy(steadyState, halves);
  if (largest === undefined) return null;
  return suspect({
    code: 'notSteady',
    // A search's finding is a rate: one at which the queue still grows cannot be kept.
    families: ceiling === null ? ['latency'] : ['throughput'],
    message: `no steady state, ${changeText(largest)}`,
    advice:
      'Give a longer --warmup or --duration: figures of a run that had not settled depend on its length.',
    figure: Math.abs(largest.changeUs),
    bound: largest.boundUs,
    unit: 'us',
  });
};

function changeText({ what, changeUs }: Unsettled): string {
  const by = `by ${milliseconds(Math.abs(changeUs))}`;
  const verb = changeUs > 0 ? 'rose' : 'fell';
  return what === 'trend'
    ? `the median ${verb} ${by} over the window`
    : `${what} ${verb} ${by} from the first to the second half`;
}

const drainBound: Rule = ({ run: { deliveries } }) => {
  if (!deliveries?.drainBoundHit) return null;
  return suspect({
    code: 'drainBound',
    families: ['deliveries'],
    message: `deliveries were still arriving after ${Math.round(deliveries.drainMs / 1_000)} s of drain: lost may be late`,
    advice: 'Lower --rate: the server was saturated beyond its window.',
    figure: deliveries.drainMs,
    bound: 65_000,
    unit: 'ms',
  });
};

/** Something may have bent the figures. */
export const SUSPECT_RULES: readonly Rule[] = [
  generatorShare,
  nearGeneratorCeiling,
  publishWait,
  linkLate,
  runDelay,
  generatorStarved,
  steal,
  listenOverflows,
  othersBusy,
  probeDisagrees,
  notSteady,
  drainBound,
];
