/** A label at the end of a line, and the pixel from the top at which its line ends. */
export interface EndLabel {
  readonly text: string;
  readonly y: number;
}

/** Moves labels apart to a least distance, in their order, as little as that takes, and keeps them inside `height`. */
export function spreadLabels(labels: readonly EndLabel[], gap: number, height: number): EndLabel[] {
  const sorted = [...labels].sort((a, b) => a.y - b.y);
  const placed: EndLabel[] = [];
  for (const label of sorted) {
    const above = placed.at(-1)?.y ?? Number.NEGATIVE_INFINITY;
    placed.push({ ...label, y: Math.max(label.y, above + gap) });
  }
  // What was pushed below the plot pushes back upwards.
  let limit = height;
  for (let i = placed.length - 1; i >= 0; i--) {
    const label = placed[i];
    if (!label) continue;
    placed[i] = { ...label, y: Math.min(label.y, limit) };
    limit = (placed[i]?.y ?? 0) - gap;
  }
  return placed;
}
