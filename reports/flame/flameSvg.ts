import { escapeText } from '../html/escape.ts';
import { formatBytes, formatShare, formatUs } from '../numbers.ts';
import type { FlameNode } from './flameTree.ts';
import { AREAS, type FrameArea } from './frameArea.ts';

const DEFAULT_WIDTH = 1000;
const ROW = 19;
/** Narrower frames are not drawn: they could be neither seen nor pointed at, and would double the page. */
const MIN_SHARE = 0.0012;
/** Average width of a character of the labels, pixels. */
const CHARACTER = 6.4;

interface Box {
  readonly node: FlameNode;
  readonly x: number;
  readonly depth: number;
  readonly parent: number;
}

export interface FlameSvgOptions {
  readonly unit: 'us' | 'bytes';
  readonly title: string;
  /** Pixels; narrower where graphs stand side by side. @default 1000 */
  readonly width?: number;
}

/**
 * The flame graph as SVG, callers above. It is readable as it stands; the page's script zooms and searches in it by the
 * shares that each group carries (`data-x`, `data-w` of 1).
 */
export function flameSvg(root: FlameNode, { unit, title, width = DEFAULT_WIDTH }: FlameSvgOptions): string {
  const boxes = layOut(root);
  const height = (Math.max(0, ...boxes.map(({ depth }) => depth)) + 1) * ROW;
  const format = unit === 'us' ? formatUs : formatBytes;
  const groups = boxes.map((box, i) => group(box, i, { total: root.total, format, width })).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" style="max-width:100%;height:auto" role="tree" aria-label="${escapeText(title)}" font-family="system-ui,sans-serif" font-size="12">${groups}</svg>`;
}

function layOut(root: FlameNode): Box[] {
  const boxes: Box[] = [];
  const place = (node: FlameNode, x: number, depth: number, parent: number): void => {
    const index = boxes.push({ node, x, depth, parent }) - 1;
    let left = x;
    const children = [...node.children.values()].sort((a, b) => b.total - a.total);
    for (const child of children) {
      if (child.total >= root.total * MIN_SHARE) place(child, left, depth + 1, index);
      left += child.total / root.total;
    }
  };
  if (root.total > 0) place(root, 0, 0, -1);
  return boxes;
}

interface Drawing {
  readonly total: number;
  readonly format: (value: number) => string;
  readonly width: number;
}

function group(box: Box, index: number, { total, format, width }: Drawing): string {
  const { node, x, depth } = box;
  const share = node.total / total;
  const place = node.place ? ` · ${node.place}` : '';
  const self = node.self > 0 ? `, itself ${format(node.self)}` : '';
  const detail = escapeText(`${node.name}${place} · ${format(node.total)}, ${formatShare(share)}${self}`);
  const label = escapeText(shorten(node.name, share * width));
  const data = `data-x="${x.toFixed(5)}" data-w="${share.toFixed(5)}" data-p="${box.parent}" data-n="${escapeText(node.name)}"`;
  return `<g role="treeitem" tabindex="${index === 0 ? 0 : -1}" ${data} aria-label="${detail}"><rect x="${(x * width).toFixed(1)}" y="${depth * ROW}" width="${Math.max(0.4, share * width - 0.6).toFixed(1)}" height="${ROW - 1}" rx="1.5" style="fill:${index === 0 ? 'var(--grid)' : fillOf(node.area)}"/><text x="${(x * width + 4).toFixed(1)}" y="${depth * ROW + 13}" style="fill:var(--ink)">${label}</text></g>`;
}

function fillOf(area: FrameArea): string {
  return `var(${AREAS[area].colour.variable})`;
}

function shorten(name: string, width: number): string {
  const fit = Math.floor((width - 8) / CHARACTER);
  if (fit < 3) return '';
  return name.length <= fit ? name : `${name.slice(0, fit - 1)}…`;
}
