import type { CreateNode } from '../node/defineStage.ts';
import { createStateNode } from './stateNode.ts';

/** `conditional`: as `keepalive`, with an entity tag; who has the newest state already gets a 304 without a body. */
export const createNode: CreateNode = (options) =>
  createStateNode(options, { isConditional: true, closes: false });
