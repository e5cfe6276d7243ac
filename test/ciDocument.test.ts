import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { GATE_OPTIONS } from '../cli/gate/gateOptions.ts';
import { buildProgram } from '../cli/program.ts';
import { testSystem } from '../cli/testing/testSystem.ts';
import { EXIT } from '../contract/errors.ts';
import { METRICS } from '../contract/metrics.ts';

const text = await readFile(new URL('../docs/ci.md', import.meta.url), 'utf8');
const blocksOf = (language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, block = '']) => block);

test('every option that it shows is one of that command', () => {
  const program = buildProgram(testSystem([]), { exitCode: EXIT.ok });
  const calls = [...text.matchAll(/npx bench (\w+)([^\n`]*)/g)];
  assert.ok(calls.length >= 5);
  for (const [call, name, rest = ''] of calls) {
    const command = program.commands.find((one) => one.name() === name);
    assert.ok(command, call);
    const known = command.options.map(({ long }) => long);
    const flags = [...rest.matchAll(/ (--[\w-]+)/g)].map(([, flag]) => flag ?? '');
    assert.deepEqual(
      flags.filter((flag) => !known.includes(flag)),
      [],
      call,
    );
  }
});

test('options of the gate in running text are there, and so are the paths of figures', () => {
  const flags = [...text.matchAll(/`(--(?:base|head|on|strict|blocks|max|tolerance|allow)[\w-]*)/g)].map(
    ([, flag]) => flag,
  );
  const known: readonly string[] = Object.values(GATE_OPTIONS).map(({ flag }) => flag.split(' ')[0] ?? '');
  assert.ok(flags.length > 0);
  assert.deepEqual(
    flags.filter((flag) => flag !== undefined && !known.includes(flag)),
    [],
  );
  const paths = [...text.matchAll(/\b((?:latencyUs|deliveries|cpu|memory|io|wire)(?:\.\w+)+)/g)].map(
    ([, path]) => path,
  );
  assert.ok(paths.length > 0);
  assert.deepEqual(
    paths.filter((path) => !METRICS.some((metric) => metric.path === path)),
    [],
  );
});

test('the exit codes are those of the program', () => {
  const listed = [...text.matchAll(/^\| (\d+) \| /gm)].map(([, code]) => Number(code));
  // A defect of ours is none that a job can plan for.
  const told = Object.values(EXIT).filter((code) => code !== EXIT.internal);
  assert.deepEqual(
    listed,
    told.toSorted((a, b) => a - b),
  );
});

/** PyYAML, where there is one: Node has no parser, and one for two examples would be a dependency too many. */
const isYamlRead = spawnSync('python3', ['-c', 'import yaml']).status === 0;
const skip = isYamlRead ? false : 'python3 has no module yaml';
const PARSER = 'import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin.read()), default=str))';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

function parsed(yaml: string | undefined): Record<string, never> {
  return JSON.parse(execFileSync('python3', ['-c', PARSER], { input: yaml ?? '', encoding: 'utf8' }));
}

test('the job of GitHub Actions fetches all commits, calls the gate, and keeps what it wrote', {
  skip,
}, () => {
  const { jobs } = parsed(blocksOf('yaml')[0]) as unknown as { jobs: { gate: { steps: Step[] } } };
  const { steps } = jobs.gate;
  const of = (action: string) => steps.find(({ uses }) => uses?.startsWith(`${action}@`))?.with;
  assert.equal(of('actions/checkout')?.['fetch-depth'], 0);
  assert.ok(steps.some(({ run }) => run?.startsWith('npx bench gate --base "$BASE" --head HEAD')));
  assert.equal(of('actions/upload-artifact')?.path, 'gate/');
  assert.equal(of('mikepenz/action-junit-report')?.report_paths, 'gate/junit.xml');
});

test('the job of GitLab fetches all commits, calls the gate, and reports its JUnit file', { skip }, () => {
  const { gate } = parsed(blocksOf('yaml')[1]) as unknown as {
    gate: {
      variables: { GIT_DEPTH: number };
      script: string[];
      allow_failure: { exit_codes: number };
      artifacts: { reports: { junit: string } };
    };
  };
  assert.equal(gate.variables.GIT_DEPTH, 0);
  assert.ok(gate.script.some((line) => line.startsWith('npx bench gate ') && line.endsWith(' --out gate')));
  assert.equal(gate.allow_failure.exit_codes, EXIT.inconclusive);
  assert.equal(gate.artifacts.reports.junit, 'gate/junit.xml');
});
