import type { Scenario, Settings } from '../contract/config.ts';
import { BenchError, EXIT } from '../contract/errors.ts';
import type { Chosen } from './intendedRuns.ts';

const SERVICE_HINT = 'Give --stage grpc, whose nodes are instances of one service.';

/**
 * What is asked of instances fits the stage: only those of one service are listed, chosen among and restarted.
 * @param chosen null: a server of the user's own
 * @throws BenchError saying what does not
 */
export function checkInstances(
  chosen: Chosen | null,
  scenario: Scenario,
  { target, discovery }: Pick<Settings, 'target' | 'discovery'>,
): void {
  const subject = chosen === null ? 'a server of your own' : `stage ${chosen.stage.name}`;
  const refuse = (what: string, why: string, hint: string): never => {
    throw new BenchError(`${what}: ${subject} ${why}`, { exitCode: EXIT.usage, hint });
  };
  const isService = chosen?.variant.capabilities.joinsBus ?? false;
  const speaksGrpc = chosen === null ? target?.grpc != null : chosen.variant.capabilities.grpc !== null;
  const restarts = scenario.fault === 'rolling-restart';
  const what = `scenario ${scenario.name}`;
  // Before what it implies: nobody who asks for it has asked for calls.
  if (restarts && !isService)
    refuse(what, 'has no instances that drain and take over from each other', SERVICE_HINT);
  if (scenario.publishVia === 'call' && !speaksGrpc)
    refuse('--publish-via call', 'takes no calls', 'Give --publish-via post, or --stage grpc.');
  if (discovery.kind === 'etcd' && !isService)
    refuse('--discovery etcd', 'does not register its nodes anywhere', SERVICE_HINT);
  if (discovery.balance !== 'round_robin' && !isService)
    refuse(`--balance ${discovery.balance}`, 'has no instances to choose among', SERVICE_HINT);
  if (restarts && scenario.publishVia !== 'call')
    refuse(what, 'is posted to at addresses that go with the instances', 'Give --publish-via call.');
}
