import type { MutationResult } from '../../contract/mutations.ts';
import type { SelftestResult } from '../../contract/selftest.ts';
import { escapeMarkdown } from '../markdown.ts';
import { finding, selftestConditions } from './selftestFigures.ts';
import { claimsTable, disturbances, noiseMarkdown } from './selftestMarkdown.ts';

/** What the tables of docs/trust.md are made of. A table of which nothing is given stays as it was. */
export interface TrustSources {
  readonly selftest: SelftestResult;
  /** With a study of noise. */
  readonly noise: SelftestResult | null;
  readonly mutations: MutationResult | null;
}

/** Tables of the document, each between two lines of its own. */
const PARTS = ['selftest', 'noise', 'mutations'] as const;
type Part = (typeof PARTS)[number];

/**
 * docs/trust.md with its tables as measured.
 * @throws RangeError where the document has lost the lines around a table, or the noise is not that of a study
 */
export function withTrust(document: string, { selftest, noise, mutations }: TrustSources): string {
  const texts: Readonly<Record<Part, string | null>> = {
    selftest: claims(document, selftest),
    noise: noise === null ? null : noiseText(noise),
    mutations: mutations === null ? null : mutationText(mutations),
  };
  return PARTS.reduce((written, part) => {
    const text = texts[part];
    return text === null ? written : between(written, part, text);
  }, document);
}

function between(document: string, part: Part, text: string): string {
  const [start, end] = [`<!-- ${part}: written by node bin/trust.ts -->`, `<!-- end of ${part} -->`];
  const [before, rest] = document.split(start);
  const [, after] = (rest ?? '').split(end);
  if (before === undefined || after === undefined) throw new RangeError(`no lines "${start}" and "${end}"`);
  return `${before}${start}\n\n${text}\n\n${end}${after}`;
}

function claims(document: string, result: SelftestResult): string {
  return [
    `**${escapeMarkdown(finding(result))}**`,
    escapeMarkdown(selftestConditions(result)),
    missing(document, result),
    claimsTable(result.cases),
    again(result),
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** Cases that the document speaks of and the table has not: part of a proof must not look like the whole. */
function missing(document: string, { cases }: SelftestResult): string {
  const described = (document.match(/^### .*$/gm) ?? []).flatMap(
    (heading) => heading.match(/(?<=`)[a-z-]+(?=`)/g) ?? [],
  );
  const absent = described.filter((name) => !cases.some((one) => one.name === name));
  return absent.length === 0 ? '' : `Not in this table, since they were not run: ${absent.join(', ')}.`;
}

function again({ cases }: SelftestResult): string {
  const lines = disturbances(cases);
  return lines === '' ? 'The host disturbed no attempt.' : `Attempts made again:\n\n${lines}`;
}

function noiseText(result: SelftestResult): string {
  if (result.noise === null) throw new RangeError('the noise must be that of bench selftest --aa N');
  return [
    `**${escapeMarkdown(finding(result))}**`,
    escapeMarkdown(selftestConditions(result)),
    noiseMarkdown(result.noise),
  ].join('\n\n');
}

function mutationText({ rows }: MutationResult): string {
  const caught = rows.filter(({ verdict }) => verdict === 'caught').length;
  const lines = rows.map(({ mutation, description, caughtBy, verdict }) => {
    const cells = [mutation, description, caughtBy.join('; ') || '-', verdict];
    return `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  });
  return [
    `**${caught} of ${rows.length} caught.**`,
    ['| broken | how | failed then | verdict |', '|---|---|---|---|', ...lines].join('\n'),
  ].join('\n\n');
}
