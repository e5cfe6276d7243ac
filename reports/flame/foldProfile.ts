import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { childOf, type FlameNode, isDropped, rootNode, sumTotals } from './flameTree.ts';

const CallFrame = Type.Object({
  functionName: Type.String(),
  url: Type.String(),
  lineNumber: Type.Number(),
});
type CallFrame = Static<typeof CallFrame>;

/** V8's .cpuprofile, as the inspector's Profiler domain gives it. */
const CpuProfile = Type.Object({
  nodes: Type.Array(
    Type.Object({
      id: Type.Integer(),
      callFrame: CallFrame,
      children: Type.Optional(Type.Array(Type.Integer())),
    }),
  ),
  samples: Type.Array(Type.Integer()),
  timeDeltas: Type.Array(Type.Number()),
});
type CpuProfile = Static<typeof CpuProfile>;
type CpuNode = CpuProfile['nodes'][number];

interface HeapNode {
  readonly callFrame: CallFrame;
  readonly selfSize: number;
  readonly children: readonly unknown[];
}

/** One node of V8's .heapprofile (HeapProfiler domain); its children are checked as they are visited. */
const HeapNode = Type.Object({
  callFrame: CallFrame,
  selfSize: Type.Number(),
  children: Type.Array(Type.Unknown()),
});
const HeapProfile = Type.Object({ head: HeapNode, samples: Type.Array(Type.Unknown()) });

const cpuValidator = Compile(CpuProfile);
const heapValidator = Compile(HeapProfile);
const heapNodeValidator = Compile(HeapNode);

export interface FoldedProfile {
  readonly root: FlameNode;
  readonly unit: 'us' | 'bytes';
  /** Samples that fell on work. */
  readonly samples: number;
}

/** Folds a V8 CPU or heap-sampling profile into one tree of callers; null where it is neither. */
export function foldProfile(profile: unknown): FoldedProfile | null {
  if (cpuValidator.Check(profile)) return foldCpu(profile);
  if (heapValidator.Check(profile)) return foldHeap(profile.head, profile.samples.length);
  return null;
}

function foldCpu(profile: CpuProfile): FoldedProfile {
  const root = rootNode();
  const places = placeNodes(profile.nodes, root);
  let samples = 0;
  profile.samples.forEach((id, i) => {
    const node = places.get(id);
    if (!node) return;
    // A delta is the time since the sample before, so what follows a sample is its own time.
    node.self += Math.max(0, profile.timeDeltas[i + 1] ?? profile.timeDeltas[i] ?? 0);
    samples++;
  });
  sumTotals(root);
  return { root, unit: 'us', samples };
}

/** The flame node of each profile node; dropped ones have none. */
function placeNodes(nodes: readonly CpuNode[], root: FlameNode): Map<number, FlameNode> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const places = new Map<number, FlameNode>();
  const [top] = nodes;
  const open: [CpuNode, FlameNode][] = top ? [[top, root]] : [];
  for (let next = open.pop(); next; next = open.pop()) {
    const [node, place] = next;
    if (node !== top) places.set(node.id, place);
    for (const id of node.children ?? []) {
      const child = byId.get(id);
      if (child && !isDropped(child.callFrame.functionName)) {
        open.push([child, childOf(place, frameOf(child.callFrame))]);
      }
    }
  }
  return places;
}

function foldHeap(head: HeapNode, samples: number): FoldedProfile {
  const root = rootNode();
  const open: [HeapNode, FlameNode][] = [[head, root]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [node, place] = next;
    place.self += node.selfSize;
    for (const child of node.children) {
      if (heapNodeValidator.Check(child)) open.push([child, childOf(place, frameOf(child.callFrame))]);
    }
  }
  sumTotals(root);
  return { root, unit: 'bytes', samples };
}

function frameOf({ functionName, url, lineNumber }: CallFrame) {
  return { name: functionName, url, line: lineNumber };
}
