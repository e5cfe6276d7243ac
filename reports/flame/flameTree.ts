import { areaOf, type Frame, type FrameArea } from './frameArea.ts';

/** One function in one stack. */
export interface FlameNode {
  readonly name: string;
  /** `net.js:812`, short enough to read; empty for code that is no JavaScript. */
  readonly place: string;
  readonly area: FrameArea;
  /** Microseconds or bytes, with everything below it. */
  total: number;
  /** Of the function alone. */
  self: number;
  readonly children: Map<string, FlameNode>;
}

/** A function over all its stacks. */
export interface SelfTotal {
  readonly name: string;
  readonly place: string;
  readonly area: FrameArea;
  readonly self: number;
}

/** Stacks of a server's whole life: no work, so no width. */
const DROPPED = new Set(['(idle)', '(program)']);

export function isDropped(name: string): boolean {
  return DROPPED.has(name);
}

export function rootNode(): FlameNode {
  return { name: 'all', place: '', area: 'other', total: 0, self: 0, children: new Map() };
}

/** The node of a frame below its caller, made at first sight: equal frames of one caller are one node. */
export function childOf(parent: FlameNode, frame: Frame): FlameNode {
  const key = `${frame.name}\n${frame.url}\n${frame.line}`;
  const known = parent.children.get(key);
  if (known) return known;
  const node: FlameNode = {
    name: frame.name || anonymousName(frame),
    place: placeOf(frame),
    area: areaOf(frame),
    total: 0,
    self: 0,
    children: new Map(),
  };
  parent.children.set(key, node);
  return node;
}

/** Sums self figures into totals. */
export function sumTotals(node: FlameNode): number {
  node.total = node.self;
  for (const child of node.children.values()) node.total += sumTotals(child);
  return node.total;
}

/** The functions with the largest self figure. */
export function topSelf(root: FlameNode, count: number): SelfTotal[] {
  const sums = new Map<string, SelfTotal>();
  visit(root, ({ name, place, area, self }) => {
    const key = `${name} ${place}`;
    if (self > 0) sums.set(key, { name, place, area, self: self + (sums.get(key)?.self ?? 0) });
  });
  return [...sums.values()].sort((a, b) => b.self - a.self).slice(0, count);
}

/** Self figures summed by area, the largest first. */
export function selfByArea(root: FlameNode): { area: FrameArea; self: number }[] {
  const sums = new Map<FrameArea, number>();
  visit(root, ({ area, self }) => sums.set(area, (sums.get(area) ?? 0) + self));
  return [...sums]
    .map(([area, self]) => ({ area, self }))
    .filter(({ self }) => self > 0)
    .sort((a, b) => b.self - a.self);
}

function visit(node: FlameNode, seen: (node: FlameNode) => void): void {
  seen(node);
  for (const child of node.children.values()) visit(child, seen);
}

/** A function without a name is known by its place. */
function anonymousName(frame: Frame): string {
  const place = placeOf(frame);
  return place === '' ? '(anonymous)' : `(anonymous) ${place.split('/').at(-1)}`;
}

/** The last parts of a path are enough to find a file, and name no one's home folder. */
function placeOf({ url, line }: Frame): string {
  if (url === '') return '';
  const path = url.startsWith('node:')
    ? url
    : url
        .replace(/^file:\/\//, '')
        .split('/')
        .slice(-3)
        .join('/');
  return `${path}:${line + 1}`;
}
