import type { CreateNode } from '../node/defineStage.ts';
import { createStateNode } from './stateNode.ts';

/** `short`, the article's case: a whole answer at each poll, and a new connection for each of them. */
export const createNode: CreateNode = (options) =>
  createStateNode(options, { isConditional: false, closes: true });
