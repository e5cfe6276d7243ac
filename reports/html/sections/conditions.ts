import type { Run } from '../../../contract/result.ts';
import { clockAgreement } from '../../clockAgreement.ts';
import { stageDiagram } from '../../diagrams/stageDiagram.ts';
import { formatBytes, formatCount } from '../../numbers.ts';
import { startCommand } from '../../startCommand.ts';
import { Html, html } from '../escape.ts';
import { beside } from '../figureSection.ts';
import { term, textTable } from '../table.ts';
import type { ReportView } from '../view.ts';
import { accessTable } from './access.ts';

/** Beside the report of a result. */
const RESULT = html`<a href="result.json">result.json</a>`;

/**
 * Under what conditions: architecture, host, processes, the full configuration.
 * @param results where the whole results are
 */
export function conditionsSection(view: ReportView, results: Html = RESULT): Html {
  const { result, runs } = view;
  const diagrams = distinctDiagrams(runs.map(({ run }) => run));
  return html`<section><h2>Under what conditions?</h2>
${diagrams.map((svg) => html`<figure>${new Html(svg)}</figure>`)}
<p>${whoseServer(result.runs)}${publishNote(result.runs)}</p>
${accessTable(view)}
${clockNote(result.runs)}
${beside(view, [html`<div><h3>Host</h3>${hostTable(view)}</div>`, html`<div><h3>Processes</h3>${processTable(view)}</div>`])}
<h3>Configuration</h3>
<p class="quiet">Seed ${result.seed}. Command: <code>${result.command.join(' ')}</code></p>
${runs.map(({ run, label }) => json(`Resolved numbers of ${label}`, run.workload))}
${json('Full configuration', result.config)}
<p class="quiet">Every figure with all its digits, and the histograms themselves, are in ${results}.</p></section>`;
}

function whoseServer(runs: readonly Run[]): Html {
  if (runs.every((run) => run.plan.target === null))
    return html`These are Node reference servers; for yours, run with <code>--target</code>.`;
  const commands = [...new Set(runs.flatMap((run) => startCommand(run) ?? []))];
  const started = commands.map((command) => html` <code>${command}</code>`);
  const how = commands.length === 0 ? null : html` Each run started it anew:${started}.`;
  return html`The server is the user’s own, driven through its public addresses.${how}`;
}

function clockNote(runs: readonly Run[]): Html | null {
  const told = clockAgreement(runs);
  return told === null ? null : html`<p>${told} ${term('How', 'clock')}</p>`;
}

function distinctDiagrams(runs: readonly Run[]): string[] {
  return [...new Set(runs.map(stageDiagram))];
}

function publishNote(runs: readonly Run[]): string | null {
  const many = runs.some(({ plan }) => plan.publishTo === 'every-node' && plan.serverNodes > 1);
  return many
    ? ' The publisher posted every message to each node: the harness did the fan-out across nodes, and no bus was paid for.'
    : null;
}

function hostTable({ result }: ReportView): Html {
  const { host } = result;
  const packages = Object.entries(host.packages).map(([name, version]) => `${name} ${version}`);
  const commit = host.gitCommit
    ? `${host.gitCommit.slice(0, 12)}${host.gitDirty ? ' with local changes' : ''}`
    : 'none';
  return textTable(
    ['what', 'value'],
    [
      ['processor', `${host.cpuModel}, ${host.cores} cores`],
      ['memory', formatBytes(host.memoryBytes)],
      ['system', `${host.platform}, kernel ${host.kernel}`],
      ['Node', `${host.nodeVersion}${host.v8Flags.length > 0 ? ` ${host.v8Flags.join(' ')}` : ''}`],
      ['open files per process', formatCount(host.openFilesLimit)],
      ['listen backlog, at most', host.somaxconn === null ? 'not measured' : formatCount(host.somaxconn)],
      ['ephemeral ports', host.ephemeralPorts ? host.ephemeralPorts.join(' to ') : 'not measured'],
      ['packages', packages.join(', ') || 'none'],
      ['commit', commit],
      ['host', host.hostname],
    ],
  );
}

/** Processes of every run; runs of one invocation mostly look alike, so each stands behind a click but the first. */
function processTable({ runs }: ReportView): Html {
  const tables = runs.map(({ run, label }, i) => {
    const rows = run.processes.map(({ role, index, pid, connections, flags }) => [
      `${role} ${index}`,
      String(pid),
      formatCount(connections),
      flags.join(' '),
    ]);
    const table = textTable(['role', 'pid', term('connections', 'connections'), 'flags'], rows);
    return i === 0 && runs.length === 1 && rows.length <= 8
      ? table
      : html`<details><summary>${label}: ${rows.length} processes</summary>${table}</details>`;
  });
  return html`${tables}`;
}

function json(title: string, value: unknown): Html {
  return html`<details><summary>${title}</summary><pre>${JSON.stringify(value, null, 2)}</pre></details>`;
}
