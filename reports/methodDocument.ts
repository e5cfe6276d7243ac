import { DEFINITIONS, type Definition } from './definitions.ts';

/** Lines of docs/method.md between which the definitions stand. */
export const DEFINITIONS_START = '<!-- definitions: made from reports/definitions.ts -->';
export const DEFINITIONS_END = '<!-- end of definitions -->';

/** The definitions as Markdown, each under an anchor of its own, with a list of them before. */
export function definitionsMarkdown(): string {
  const list = DEFINITIONS.map(({ id, term }) => `[${term}](#${id})`).join(' · ');
  const definitions = DEFINITIONS.map(
    (one) => `### <a id="${one.id}"></a>${one.term}\n\n${[one.text, ...figureParts(one)].join('\n\n')}`,
  );
  return [list, ...definitions].join('\n\n');
}

function figureParts(one: Definition): string[] {
  return 'read' in one ? [`*Read from:* ${one.read}`, `*Not in it:* ${one.without}`] : [];
}

/** docs/method.md with its definitions as they are now. */
export function withDefinitions(document: string): string {
  const [before = ''] = document.split(DEFINITIONS_START);
  const [, after = ''] = document.split(DEFINITIONS_END);
  return `${before}${DEFINITIONS_START}\n\n${definitionsMarkdown()}\n\n${DEFINITIONS_END}${after}`;
}
