import { type Fault, UsageError } from '../../contract/errors.ts';
import type { Output, System } from '../system.ts';
import type { Clue, Clues } from './lookAround.ts';
import {
  ADDRESS,
  type Answers,
  INIT_KEYS,
  type InitKey,
  NONE,
  QUESTIONS,
  type Question,
} from './questions.ts';

/** What was settled of a server, and where each answer is from. */
export type Settled = Readonly<Partial<Record<InitKey, Clue>>>;

export interface AnswerSources {
  /** What flags say, by key. */
  readonly given: Answers;
  readonly clues: Clues;
  /** null: nobody is asked. */
  readonly ask: System['ask'];
  /** Where a wrong answer is told. */
  readonly told: Output;
}

/**
 * Settles every question: by its flag, by asking, or by what the files around tell.
 * @throws UsageError naming every flag that is wrong, and every one that is missing where nobody can be asked
 */
export async function settleAnswers(sources: AnswerSources): Promise<Settled> {
  const settled: { -readonly [K in InitKey]?: Clue } = {};
  const faults: Fault[] = [];
  for (const question of QUESTIONS) {
    const { key } = question;
    const answers = answersOf(settled);
    if (!question.isAsked(answers)) {
      if (sources.given[key] !== undefined) faults.push(unwanted(question, sources.given[key], answers));
      continue;
    }
    const clue = await settle(question, answers, sources, faults);
    if (clue !== null) settled[key] = clue;
  }
  if (faults.length > 0) throw new UsageError(faults, 'bench init --help lists the flags.');
  return settled;
}

/** The answers alone. */
export function answersOf(settled: Settled): Answers {
  const given = INIT_KEYS.flatMap((key) => {
    const clue = settled[key];
    return clue === undefined ? [] : [[key, clue.value] as const];
  });
  return Object.fromEntries(given);
}

async function settle(
  question: Question,
  answers: Answers,
  { given, clues, ask, told }: AnswerSources,
  faults: Fault[],
): Promise<Clue | null> {
  const { key, fallback, fault } = question;
  const flag = given[key];
  if (flag !== undefined) {
    const value = meant(flag);
    const expected = fault(value);
    if (expected !== null) faults.push({ key: `--${key}`, value: flag, expected });
    return { value, from: key === 'start' && ADDRESS.test(value) ? '--url' : `--${key}` };
  }
  const clue = fallback(clues, answers);
  if (ask !== null) return answerTo(question, clue, ask, told);
  if (clue === null) {
    const expected = `has to be given, since nobody is asked and no file here tells. ${question.text}`;
    faults.push({ key: key === 'start' ? '--start or --url' : `--${key}`, value: undefined, expected });
  }
  return clue;
}

/** Asks until the answer is one; Enter takes what is shown. */
async function answerTo(
  { text, fault }: Question,
  clue: Clue | null,
  ask: NonNullable<System['ask']>,
  told: Output,
): Promise<Clue> {
  const shown = clue === null ? '' : ` [${clue.value === '' ? NONE : clue.value}]`;
  while (true) {
    const answer = (await ask(`${text}${shown} `)).trim();
    if (answer === '' && clue !== null) return clue;
    const value = meant(answer);
    const expected = fault(value);
    if (expected === null) return { value, from: 'your answer' };
    told.write(`  ${JSON.stringify(answer)}: ${expected}\n`);
  }
}

function meant(answer: string): string {
  return answer === NONE ? '' : answer;
}

function unwanted({ key }: Question, value: string, { protocol }: Answers): Fault {
  const expected =
    key === 'driver'
      ? 'only together with --protocol custom'
      : protocol === 'grpc' && (key === 'path' || key === 'publish')
        ? 'not together with --protocol grpc: the .proto and its methods go into the file that is written'
        : 'not together with an address: a server that runs already is not made here';
  return { key: `--${key}`, value, expected };
}
