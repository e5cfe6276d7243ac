import type { DecisionRecord } from '../record.ts';
import type { Footnotes } from './words.ts';

/** Where a record stands: what it may link to, as seen from its own folder. */
export interface Links {
  readonly result: string;
  /** null: there is no report beside the result. */
  readonly report: string | null;
  /** The flame graphs of the report; null: there are none. */
  readonly flames: string | null;
  /** Profiles that exist, by the label of their server. */
  readonly profiles: readonly { readonly label: string; readonly path: string }[];
  /** Path of a chart's drawing; null: it was not drawn. */
  readonly chart: (name: string) => { readonly path: string; readonly description: string } | null;
}

/** What every part of a record is written from. */
export interface Setting {
  readonly record: DecisionRecord;
  readonly links: Links;
  readonly notes: Footnotes;
  /** `2026-11-23`. */
  readonly date: string;
}

/** The drawing as an image; empty where there is none. */
export function image({ links }: Setting, name: string): string {
  const chart = links.chart(name);
  return chart === null ? '' : `![${chart.description.replaceAll(']', '')}](${chart.path})`;
}
