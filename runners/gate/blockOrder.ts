import { seededRandom } from '../../contract/random.ts';

/** Base is A, head is B. */
export type GateTurn = 'base' | 'head';

/** Two runs of each side, so that what drifts steadily within a block hits both alike. */
export type BlockOrder = 'ABBA' | 'BAAB';

/** Which of the two each block is, by a coin that the seed throws: a rhythm of the host cannot side with either. */
export function blockOrders(seed: number, count: number): BlockOrder[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => (random() < 0.5 ? 'ABBA' : 'BAAB'));
}

export function turnsOf(order: BlockOrder): readonly GateTurn[] {
  return Array.from(order, (letter) => (letter === 'A' ? 'base' : 'head'));
}
