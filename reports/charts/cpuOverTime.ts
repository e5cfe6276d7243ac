import type { TimelineSecond } from '../../contract/result.ts';
import { significant } from '../numbers.ts';
import { INK, MUTED } from '../palette.ts';
import type { Chart, StyledRun } from './chart.ts';
import { smallMultiples } from './smallMultiples.ts';
import { SCHEMA_URL } from './theme.ts';

type Cpu = TimelineSecond['cpu'];

interface RoleLook {
  readonly label: string;
  readonly cores: (cpu: Cpu) => number | null;
  readonly dash: number[];
  readonly isServer: boolean;
}

const SERVER: RoleLook = { label: 'server', cores: (cpu) => cpu.server, dash: [1, 0], isServer: true };
const SOFTIRQ: RoleLook = {
  label: 'host softirq',
  cores: (cpu) => cpu.hostSoftirq,
  dash: [1, 3],
  isServer: false,
};

const ROLES: readonly RoleLook[] = [
  SERVER,
  { label: 'load workers', cores: (cpu) => cpu.worker, dash: [1, 0], isServer: false },
  { label: 'publisher', cores: (cpu) => cpu.publisher, dash: [6, 3], isServer: false },
  { label: 'probe', cores: (cpu) => cpu.probe, dash: [2, 2], isServer: false },
  { label: 'coordinator', cores: (cpu) => cpu.coordinator, dash: [9, 3, 2, 3], isServer: false },
  SOFTIRQ,
];

/** In low plots, one line for all that the measurement takes. */
const FEW: readonly RoleLook[] = [
  SERVER,
  { label: 'generator', cores: generatorCores, dash: [1, 0], isServer: false },
  SOFTIRQ,
];

function generatorCores({ worker, publisher, probe, coordinator }: Cpu): number | null {
  if (worker === null) return null;
  return worker + (publisher ?? 0) + (probe ?? 0) + (coordinator ?? 0);
}

/** Cores in use by each role over time; null where no CPU was sampled. */
export function cpuOverTime(runs: readonly StyledRun[]): Chart | null {
  const roles = runs.length > 1 ? FEW : ROLES;
  const rows = runs.flatMap((styled) => rowsOf(styled, roles));
  if (rows.length === 0) return null;
  const domain = roles.map(({ label }) => label);
  const serverColour = runs[0]?.colour.light ?? INK.light;
  return {
    name: 'cpu-over-time',
    description: 'Cores used by the server and by each part of the generator in each second.',
    spec: {
      $schema: SCHEMA_URL,
      ...smallMultiples(runs, {
        title: 'CPU by role over time',
        subtitle: [
          `Cores in use; the machine has ${runs[0]?.run.cpu.cores ?? 0}. Coloured: the server. Grey: what the measurement itself takes.`,
          ...relayNote(runs),
        ],
        rows,
        xTitle: 'seconds from the start of the measured window',
        yTitle: 'cores',
        layer: [
          {
            mark: { type: 'line' },
            encoding: {
              color: {
                field: 'series',
                type: 'nominal',
                scale: {
                  domain,
                  range: roles.map(({ isServer }) => (isServer ? serverColour : MUTED.light)),
                },
                legend: null,
              },
              strokeDash: {
                field: 'series',
                type: 'nominal',
                scale: { domain, range: roles.map(({ dash }) => dash) },
                legend: null,
              },
            },
          },
        ],
      }),
    },
  };
}

/** The relay of a link is not sampled by second, and may take more than all that is drawn. */
function relayNote(runs: readonly StyledRun[]): string[] {
  const cores = runs.flatMap(({ run: { cpu } }) =>
    cpu.link ? [(cpu.link.userShare ?? 0) + (cpu.link.systemShare ?? 0)] : [],
  );
  return cores.length === 0
    ? []
    : [`Not drawn: the relay of the link, ${significant(Math.max(...cores))} cores over the window.`];
}

function rowsOf({ run, label }: StyledRun, roles: readonly RoleLook[]) {
  return run.timeline.flatMap(({ second, cpu }) =>
    roles.flatMap(({ label: series, cores }) => {
      const value = cores(cpu);
      if (value === null) return [];
      const note = `${label}, second ${second}: ${series} ${significant(value)} cores`;
      return [{ server: label, series, x: second, y: value, note }];
    }),
  );
}
