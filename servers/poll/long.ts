import { NodeCore } from '../node/core.ts';
import type { CreateNode } from '../node/defineStage.ts';
import { HeldPolls } from './heldPolls.ts';
import { LongIntake } from './longIntake.ts';
import { pollNode } from './pollNode.ts';

export const POLL_PATH = '/poll';

/** `long`: the request is held until there are events after its cursor, so none is missed and few answers are empty. */
export const createNode: CreateNode = (options) => {
  const core = new NodeCore(options);
  const held = new HeldPolls(core);
  core.level = () => held.waiting;
  return pollNode({
    core,
    sink: new LongIntake(core, held),
    path: POLL_PATH,
    answer: (_request, response, { topic, cursor }, headers, identity) =>
      held.ask(response, { topic, cursor }, headers, identity),
    stop: () => held.stop(),
  });
};
