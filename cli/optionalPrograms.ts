import { findProgram } from '../runners/findProgram.ts';
import type { Check } from '../runners/preflightChecks.ts';

/** Programs of others that pushbench can use, and what for. */
const PROGRAMS = [
  {
    name: 'redis-server',
    advice:
      'Optional, for the buses redis-pubsub and redis-streams: apt install redis-server, or --bus KIND=redis://host:port.',
  },
  {
    name: 'etcd',
    advice: 'Optional, for --discovery etcd: apt install etcd-server, or --discovery etcd://host:port.',
  },
  { name: 'haproxy', advice: 'Optional, for the test of a balancer before a cluster: apt install haproxy.' },
] as const;

/** Whether the optional programs are on the PATH; none missing is a fault. */
export function optionalPrograms(path: string): Check[] {
  return PROGRAMS.map(({ name, advice }) => ({
    name,
    status: 'ok',
    seen: findProgram(name, path) ?? 'not found (optional)',
    advice,
  }));
}
