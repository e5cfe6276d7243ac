import type { GateMetric, GateResult, GateThreshold, GateVerdict } from '../../../contract/gate.ts';
import { plainNumbers } from '../../numbers.ts';
import {
  blocksText,
  changeText,
  figureText,
  gating,
  informing,
  medianText,
  secondsOf,
  sideText,
  smallestText,
  toleranceText,
} from './gateFigures.ts';

/** What an INCONCLUSIVE counts as. */
export type OnInconclusive = 'warn' | 'fail';

interface TestCase {
  readonly kind: 'measurement' | 'metric' | 'threshold';
  readonly name: string;
  readonly seconds: number;
  readonly verdict: GateVerdict;
  readonly message: string;
  readonly detail: string;
}

/**
 * The gate as JUnit XML (the schema of Apache Ant's JUnit task, which GitLab, Jenkins and readers on GitHub take): a case for what was
 * measured, one for each gating metric and one for each threshold. INCONCLUSIVE is skipped, or a failure with `fail`.
 */
export function gateJunit(gate: GateResult, onInconclusive: OnInconclusive): string {
  const cases = [
    measurementCase(gate),
    ...gating(gate).map(metricCase),
    ...gate.thresholds.map(thresholdCase),
  ];
  const isFailure = ({ verdict }: TestCase) =>
    verdict === 'FAIL' || (verdict === 'INCONCLUSIVE' && onInconclusive === 'fail');
  const failures = cases.filter(isFailure).length;
  const skipped = cases.filter((one) => one.verdict === 'INCONCLUSIVE' && !isFailure(one)).length;
  const suite = attributes({
    name: 'pushbench gate',
    package: 'pushbench',
    id: '0',
    // The schema knows no time zone; it is UTC.
    timestamp: gate.createdAt.slice(0, 19),
    hostname: gate.host.hostname,
    tests: String(cases.length),
    failures: String(failures),
    errors: '0',
    skipped: String(skipped),
    time: secondsText(secondsOf(gate)),
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `<testsuite${suite}>`,
    '<properties>',
    ...Object.entries(properties(gate)).map(([name, value]) => `<property${attributes({ name, value })}/>`),
    '</properties>',
    ...cases.map((one) => testCase(one, isFailure(one))),
    `<system-out>${escapeXml(plainNumbers(systemOut(gate)))}</system-out>`,
    '<system-err></system-err>',
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** Characters that XML 1.0 does not know, not even escaped: https://www.w3.org/TR/xml/#charsets, lone surrogates among them. */
const NO_XML =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed here
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/** As the text of an element. */
export function escapeXml(text: string): string {
  return text.replace(NO_XML, '\ufffd').replace(/[&<>"\r]/g, (character) => ENTITIES[character] ?? character);
}

/** In an attribute a reader makes spaces of tabs and line feeds that are not escaped. */
function escapeAttribute(text: string): string {
  return escapeXml(text).replaceAll('\t', '&#9;').replaceAll('\n', '&#10;');
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeAttribute(plainNumbers(value))}"`)
    .join('');
}

function testCase({ kind, name, seconds, verdict, message, detail }: TestCase, isFailure: boolean): string {
  const head = `<testcase${attributes({ classname: `pushbench.gate.${kind}`, name, time: secondsText(seconds) })}`;
  if (isFailure) {
    const told = attributes({ message, type: verdict });
    return `${head}><failure${told}>${escapeXml(plainNumbers(detail))}</failure></testcase>`;
  }
  return verdict === 'INCONCLUSIVE' ? `${head}><skipped${attributes({ message })}/></testcase>` : `${head}/>`;
}

/** Has the time of all blocks: the figures of one block are those of every metric. */
function measurementCase(gate: GateResult): TestCase {
  const { status, abortReason, blocksAsked, mode } = gate;
  const name =
    mode === 'blocks'
      ? `${blocksAsked} blocks of two runs of each side`
      : 'results that were measured before are comparable';
  const isOpen = opensByItself(gate);
  const message = abortReason ?? (isOpen ? gate.headline : `${blocksText(gate)} were measured`);
  const verdict = status === 'complete' && !isOpen ? 'PASS' : failsByItself(gate) ? 'FAIL' : 'INCONCLUSIVE';
  return { kind: 'measurement', name, seconds: secondsOf(gate), verdict, message, detail: message };
}

/** True where no figure failed and the gate did: the server of head ended before there were enough. */
function failsByItself(gate: GateResult): boolean {
  const figures = [
    ...gating(gate).map(({ verdict }) => verdict !== 'FAIL'),
    ...gate.thresholds.map(({ passed }) => passed),
  ];
  return gate.verdict === 'FAIL' && figures.every(Boolean);
}

/** True where no figure leaves the gate open and it is: nothing decides, or no run of head could be held against a threshold. */
function opensByItself(gate: GateResult): boolean {
  return gate.verdict === 'INCONCLUSIVE' && gating(gate).every(({ verdict }) => verdict === 'PASS');
}

function metricCase(metric: GateMetric): TestCase {
  const { path, label, verdict, why } = metric;
  return {
    kind: 'metric',
    name: `${label} (${path})`,
    seconds: 0,
    // A metric that gates always has a verdict; one without could not be told.
    verdict: verdict ?? 'INCONCLUSIVE',
    message: why,
    detail: [
      `base ${medianText(metric, 'base')}, head ${medianText(metric, 'head')}, change ${changeText(metric)}`,
      `accepted: ${toleranceText(metric)}; smallest regression that would have failed: ${smallestText(metric) || 'not known'}`,
    ].join('\n'),
  };
}

function thresholdCase({ text, passed, worst, unit }: GateThreshold): TestCase {
  const message = `${text}: the worst run of head has ${figureText(worst, unit)}`;
  return {
    kind: 'threshold',
    name: text,
    seconds: 0,
    verdict: passed ? 'PASS' : 'FAIL',
    message,
    detail: message,
  };
}

function properties(gate: GateResult): Record<string, string> {
  const { host } = gate;
  const smallest = gating(gate).map((metric) => [
    `smallest-visible.${metric.path}`,
    smallestText(metric) || 'not known',
  ]);
  return {
    verdict: gate.verdict,
    headline: gate.headline,
    base: sideText(gate.base),
    head: sideText(gate.head),
    'base.commit': gate.base.commit ?? 'not known',
    'head.commit': gate.head.commit ?? 'not known',
    blocks: `${gate.blocks.length} of ${gate.blocksAsked}`,
    what: gate.what,
    host: `${host.cpuModel}, ${host.cores} cores, kernel ${host.kernel}, Node ${host.nodeVersion}`,
    version: gate.tool.version,
    ...(gate.settle === null ? {} : { settle: gate.settle }),
    ...Object.fromEntries(smallest),
  };
}

function systemOut(gate: GateResult): string {
  const info = informing(gate).map(
    (metric) =>
      `${metric.label} (${metric.path}): base ${medianText(metric, 'base')}, head ${medianText(metric, 'head')}, change ${changeText(metric)}`,
  );
  const excluded = gate.excluded.map(
    ({ run, families, why }) => `left out: ${run} (${families.join(', ')}): ${why}`,
  );
  return [gate.headline, ...(info.length > 0 ? ['For information:'] : []), ...info, ...excluded].join('\n');
}

function secondsText(seconds: number): string {
  return seconds.toFixed(3);
}
