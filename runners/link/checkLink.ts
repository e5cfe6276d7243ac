import type { Scenario, Settings } from '../../contract/config.ts';
import { BenchError, EXIT } from '../../contract/errors.ts';

/**
 * A relay stands at addresses that it chose: whoever learns the servers' own ones would pass it by.
 * @throws BenchError saying what does not go together with a link
 */
export function checkLink(
  scenario: Scenario,
  { link, discovery }: Pick<Settings, 'link' | 'discovery'>,
): void {
  if (link === null) return;
  if (discovery.kind === 'etcd')
    throw refused('--discovery etcd lists the addresses of the servers themselves', '--discovery static');
  if (scenario.fault === 'rolling-restart')
    throw refused(
      `scenario ${scenario.name} tells clients the addresses of instances as they start`,
      'another scenario, such as --scenario node-failure',
    );
}

function refused(why: string, instead: string): BenchError {
  return new BenchError(`--link: ${why}, so clients would pass the link by`, {
    exitCode: EXIT.usage,
    hint: `Leave --link out, or give ${instead}.`,
  });
}
