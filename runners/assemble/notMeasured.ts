import { isPublishedTo, type TargetSettings } from '../../contract/config.ts';
import type { Run } from '../../contract/result.ts';
import type { Evidence } from '../session/evidence.ts';
import { hasLost } from '../session/snapshot.ts';
import { memoryFigures } from './memoryFigures.ts';

/** What the reader might look for and does not find, and why. */
export function notMeasured(evidence: Evidence): Run['notMeasured'] {
  const { plan } = evidence;
  const { scenario, subject } = plan;
  const missing: Run['notMeasured'] = [];
  if (scenario.memoryLevels < 2) {
    missing.push({
      what: 'Memory per connection (slope)',
      why: 'the fleet connected in one go; an idle run samples levels: bench run --scenario idle',
    });
  }
  if (
    scenario.memoryLevels > 1 &&
    evidence.levels.length > 1 &&
    memoryFigures(evidence).kernelPerConnectionBytes === null
  ) {
    missing.push({
      what: 'Kernel memory per connection',
      why: "other work on the host changed the kernel's memory more than the connections did, or it cannot be read",
    });
  }
  if (subject.kind === 'target') missing.push(...missingOfTarget(subject.target, evidence));
  if (subject.kind === 'reference' && subject.givenBus !== null) {
    missing.push({
      what: 'CPU and memory of the bus, and the price of a delivery with it',
      why: 'the bus was given by its address: its process was not seen',
    });
  }
  const { window } = evidence;
  if (window !== null && hasLost(window.before.snapshot, window.after.snapshot, ['server'])) {
    missing.push({
      what: 'CPU, system calls, garbage collection and event loop of the server',
      why: 'a node was gone at the end of the window, and its counters with it',
    });
  }
  const isCustom = plan.protocol === 'custom';
  if (window !== null && window.after.wire.bytesRead === null && plan.security !== 'plain' && !isCustom) {
    missing.push({
      what: 'Bytes on the wire per delivery',
      why: 'the clients do not see them: over HTTP/2 under TLS, Node counts what is inside the records',
    });
  }
  if (evidence.profileFailure !== null) missing.push({ what: 'Profile', why: evidence.profileFailure });
  if (scenario.churnPerSecond > 0) {
    missing.push({
      what: 'Latency apart from resume',
      why: 'replaced connections resume, and what they missed meanwhile arrives late and counts in the latency',
    });
  }
  return missing;
}

/** Of clients that a driver of the user's own makes. */
const MISSING_OF_DRIVER: Run['notMeasured'] = [
  {
    what: 'Bytes on the wire per delivery',
    why: 'the clients are made by the module given with --driver, which does not say what they read and write',
  },
  {
    what: "Agreement with the ecosystem's own client",
    why: 'there are no probes beside clients that a driver of your own makes: those are the only ones there are',
  },
  {
    what: 'Load as a share of what the generator can take',
    why: "a part of the generator is your driver and its library; their CPU is in the load workers' own",
  },
];

function missingOfTarget(target: TargetSettings, { samples }: Evidence): Run['notMeasured'] {
  const missing = [
    {
      what: 'Event loop, garbage collection, handles and profile of the server',
      why: 'they are only seen inside a reference server',
    },
    {
      what: 'Forced-GC memory of the server',
      why: 'a server of yours is not told to collect garbage; its memory is marked natural',
    },
  ];
  if (!isPublishedTo(target))
    missing.push({
      what: 'Deliveries and latency',
      why: `no ${target.protocol === 'grpc' ? '--publish-method or ' : ''}--publish-url was given: connection figures only`,
    });
  if (target.protocol === 'custom') missing.push(...MISSING_OF_DRIVER);
  const what = 'Memory and CPU of the server';
  if (target.launch === null && target.pids.length === 0) missing.push({ what, why: 'no --pid was given' });
  if (
    target.launch !== null &&
    samples.length > 0 &&
    samples.every(({ roles }) => roles.server.length === 0)
  ) {
    const why =
      'what serves was not started below the command of the config, but elsewhere, as in a container';
    missing.push({ what, why });
  }
  return missing;
}
