import type { Scenario } from '../../contract/config.ts';
import { BenchError, EXIT } from '../../contract/errors.ts';
import type { Subject } from '../planSubject.ts';

/**
 * Judges whether the clients of a run can publish themselves, where its scenario wants them to.
 * @throws BenchError naming what stands in the way and what to do about it
 */
export function checkSpeaking(scenario: Scenario, subject: Subject): void {
  if (scenario.publishVia !== 'clients') return;
  if (scenario.procedure !== 'load') {
    throw refused(
      `procedure ${scenario.procedure}`,
      'Give --publish-via post, or a scenario of procedure load.',
    );
  }
  if (subject.kind === 'target') {
    throw refused("a server of your own, whose clients' words nobody knows", 'Give --publish-via post.');
  }
  const { stage, variant, capabilities, nodes } = subject;
  if (capabilities.uplink === null) {
    throw refused(
      `${stage}:${variant}, whose clients say nothing`,
      'Give a stage whose clients speak, e.g. --stage ws,sse,grpc:bidi.',
    );
  }
  if (nodes.length > 1 && capabilities.bus === null) {
    throw refused(
      `${nodes.length} nodes of ${stage}:${variant} without a bus: a room would be cut into pieces`,
      'Give --nodes 1, or fewer connections.',
    );
  }
}

function refused(what: string, hint: string): BenchError {
  return new BenchError(`clients that publish themselves do not go together with ${what}`, {
    exitCode: EXIT.usage,
    hint,
  });
}
