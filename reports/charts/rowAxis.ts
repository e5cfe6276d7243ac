import { INK } from '../palette.ts';

/** The names of rows at the left, all in the same room, without a line. */
export function rowAxis(room: number) {
  return {
    title: null,
    domain: false,
    minExtent: room,
    maxExtent: room,
    labelLimit: room,
    labelColor: INK.light,
  };
}
