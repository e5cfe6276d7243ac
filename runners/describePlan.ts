import type { RunPlan } from './plan.ts';

/** The plan as lines for a person, printed before the run. */
export function describePlan(plan: RunPlan): string[] {
  const { scenario, subject } = plan;
  const name =
    subject.kind === 'target' ? subject.target.url : `${subject.stage}:${subject.variant} (${subject.tag})`;
  const position = plan.of > 1 ? ` (run ${plan.order + 1} of ${plan.of})` : '';
  return [
    `Plan${position}: ${name}, scenario ${scenario.name}`,
    `  load       ${loadLine(plan)}`,
    `  processes  ${processLine(plan)}`,
    `  expected   about ${Math.round(plan.expectedMs / 1_000)} s and ${(plan.expectedBytes / 1e9).toFixed(1)} GB of memory`,
  ];
}

function loadLine({ scenario, streams, fanOut }: RunPlan): string {
  const connections = `${count(scenario.connections)} connections`;
  if (scenario.procedure === 'idle') return `${connections}, nothing published`;
  const rooms = `${count(streams)} ${streams === 1 ? 'room' : 'rooms'} of ${count(Math.round(fanOut))}`;
  if (scenario.procedure !== 'load')
    return `${connections} in ${rooms}, ${scenario.payloadBytes} B, rate by search`;
  const deliveries = count(Math.round(scenario.ratePerSecond * fanOut));
  const window = `${scenario.warmupMs / 1_000} s warm-up, ${scenario.durationMs / 1_000} s window`;
  return `${connections} in ${rooms}, ${count(scenario.ratePerSecond)} publishes/s = ${deliveries} deliveries/s, ${scenario.payloadBytes} B, ${window}`;
}

function processLine({ subject, workers }: RunPlan): string {
  const bulk = workers.filter(({ role }) => role === 'worker').length;
  const probes = workers.find(({ role }) => role === 'probe')?.slots ?? 0;
  const load = `${bulk} load ${bulk === 1 ? 'worker' : 'workers'}, ${probes} probe connections, 1 publisher`;
  if (subject.kind === 'target') return `your server, ${load}`;
  const nodes = subject.nodes.length;
  const addresses = subject.nodes.reduce((sum, node) => sum + node.listen.length, 0);
  return `${nodes} server ${nodes === 1 ? 'node' : 'nodes'} on ${addresses} ${addresses === 1 ? 'address' : 'addresses'}, ${load}`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
