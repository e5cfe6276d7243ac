import { isPublishedTo, type Settings } from '../contract/config.ts';
import type { Fault } from '../contract/errors.ts';
import type { ServerCapabilities, StageInfo } from '../contract/pushServer.ts';
import type { GivenThreshold } from './thresholds.ts';

type Asked = Pick<Settings, 'scenario' | 'target' | 'stages' | 'sweep' | 'link' | 'calibrate'>;

/** What is known of a run before it starts. */
interface Known extends Asked {
  /** Of the reference servers; empty for a target. */
  readonly capabilities: readonly ServerCapabilities[];
}

/** Why a run that is asked for so has no figure at these paths; null: it may have one. */
interface Rule {
  readonly paths: RegExp;
  readonly missing: (known: Known) => string | null;
}

const PER_DELIVERY = /^(publish|deliveries|latencyUs|wire|io)\.|usPerDelivery$|^gc\.allocated/;
const SLOPES = /^memory\..*PerConnectionBytes$|^roi\.qpsPerMbRss$/;
const SLOPE_PROCEDURES: readonly string[] = ['load', 'idle', 'compare'];
const SEARCHES: readonly string[] = ['ceiling', 'compare', 'article-sse'];

const RULES: readonly Rule[] = [
  {
    paths: PER_DELIVERY,
    missing: ({ scenario, target }) => {
      if (scenario.procedure === 'idle') return `scenario ${scenario.name} publishes nothing`;
      // A driver of the user's own may publish itself.
      const isSilent = target !== null && target.driver === null && !isPublishedTo(target);
      return isSilent ? 'nothing is published to the target; give --publish-url' : null;
    },
  },
  {
    paths: SLOPES,
    missing: ({ scenario: { procedure, memoryLevels } }) =>
      SLOPE_PROCEDURES.includes(procedure) && memoryLevels < 2
        ? `memory per connection is a slope over levels, and --memory-levels is ${memoryLevels}; give 5, or --scenario idle`
        : null,
  },
  {
    paths: /^(cpu|memory|io)\.server\./,
    missing: ({ target }) =>
      target !== null && target.launch === null && target.pids.length === 0
        ? 'the process of the target is not known; give --pid'
        : null,
  },
  {
    paths: /^(loop|gc|handles|flow|bus|rolling)\.|^memory\.server\.(heap|external)/,
    missing: ({ target }) => (target === null ? null : 'it is only seen inside a reference server'),
  },
  {
    paths: /^(wire|generatorCeiling)\./,
    missing: ({ target }) =>
      target === null || target.driver === null
        ? null
        : 'the clients are those of your driver, which does not say what they read, write and could take',
  },
  {
    paths: /^(polling|closedLoop)\./,
    missing: ({ target, capabilities }) => {
      const isPolled =
        target === null ? capabilities.some(({ polling }) => polling) : target.protocol === 'poll';
      return isPolled ? null : 'no server of this run is polled';
    },
  },
  {
    paths: /^bus\./,
    missing: ({ target, capabilities }) =>
      target === null && capabilities.every(({ bus }) => bus === null)
        ? 'no server of this run has a bus; ws-cluster has'
        : null,
  },
  {
    paths: /^fault\./,
    missing: ({ scenario }) =>
      scenario.fault === 'none' ? 'nothing breaks in this run; give --fault' : null,
  },
  {
    paths: /^rolling\./,
    missing: ({ scenario }) =>
      scenario.fault === 'rolling-restart' ? null : 'nothing is restarted; --scenario rolling-restart does',
  },
  {
    paths: /^slow\./,
    missing: ({ scenario, sweep }) =>
      scenario.slowShare > 0 || sweep?.key === 'slowShare'
        ? null
        : 'no client of this run reads slowly; give --slow',
  },
  {
    paths: /^chat\./,
    missing: ({ scenario }) =>
      scenario.publishVia === 'clients'
        ? null
        : 'clients do not speak in this run; --scenario chat lets them',
  },
  {
    paths: /^ceiling\./,
    missing: ({ scenario }) =>
      SEARCHES.includes(scenario.procedure)
        ? null
        : `scenario ${scenario.name} searches no ceiling; ceiling and compare do`,
  },
  {
    paths: /^plan\.link\.|^cpu\.link\./,
    missing: ({ link }) =>
      link === null ? 'there is no link between clients and servers; give --link' : null,
  },
  {
    paths: /^generatorCeiling\./,
    missing: ({ calibrate }) =>
      calibrate === 'never' ? 'what the generator can take is not measured with --calibrate never' : null,
  },
];

/** Adds a fault for every threshold on a figure that this run cannot have: it would fail at the end, after minutes of load. */
export function refuseImpossible(
  thresholds: readonly GivenThreshold[],
  asked: Asked,
  stages: readonly StageInfo[],
  faults: Fault[],
): void {
  const known = { ...asked, capabilities: asked.target === null ? capabilitiesOf(asked, stages) : [] };
  for (const { given, threshold } of thresholds) {
    const rules = RULES.filter(({ paths }) => paths.test(threshold.path));
    const why = rules.map(({ missing }) => missing(known)).find((one) => one !== null);
    if (why) faults.push({ ...given, expected: `a path that this run measures: ${why}` });
  }
}

function capabilitiesOf({ stages: chosen }: Asked, stages: readonly StageInfo[]): ServerCapabilities[] {
  return chosen.flatMap(({ stage, variant }) => {
    const variants = stages.find(({ name }) => name === stage)?.variants ?? [];
    return variants.filter(({ name }) => name === variant).map(({ capabilities }) => capabilities);
  });
}
