import type { CreateNode } from '../node/defineStage.ts';
import { createStateNode } from './stateNode.ts';

/** `keepalive`: as `short`, but the connection stays for the next poll. */
export const createNode: CreateNode = (options) =>
  createStateNode(options, { isConditional: false, closes: false });
