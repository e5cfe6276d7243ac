import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import type { GateResult } from '../../../contract/gate.ts';
import { requireService } from '../../../test/requireService.ts';
import { sampleGate, sampleMetric } from '../../testing/sampleGate.ts';
import { escapeXml, gateJunit, type OnInconclusive } from './junit.ts';

const python = requireService('python3');
const needs = { skip: python.skip };

interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly Element[];
}

const PARSER = `
import json, sys, xml.etree.ElementTree as tree
def of(one):
    return {'tag': one.tag, 'attributes': dict(one.attrib), 'text': one.text or '', 'children': [of(child) for child in one]}
print(json.dumps(of(tree.fromstring(sys.stdin.buffer.read()))))
`;

/** By a parser that is none of ours: it refuses what is not well-formed. */
function parsed(xml: string): Element {
  return JSON.parse(
    execFileSync(python.path ?? assert.fail('tests without it are skipped'), ['-c', PARSER], {
      input: xml,
      encoding: 'utf8',
    }),
  ) as Element;
}

function suiteOf(gate: GateResult, onInconclusive: OnInconclusive = 'warn'): Element {
  const root = parsed(gateJunit(gate, onInconclusive));
  assert.equal(root.tag, 'testsuites');
  const [suite] = root.children;
  assert.ok(suite && root.children.length === 1);
  return suite;
}

const casesOf = (suite: Element) => suite.children.filter(({ tag }) => tag === 'testcase');
const caseOf = (suite: Element, name: RegExp) => {
  const found = casesOf(suite).filter(({ attributes }) => name.test(attributes.name ?? ''));
  assert.equal(found.length, 1, `cases named ${name}`);
  return found[0] as Element;
};

test('has the parts that the schema of JUnit asks for, in its order', needs, () => {
  const suite = suiteOf(sampleGate());
  const kinds = suite.children.map(({ tag }) => tag).filter((tag, i, all) => tag !== all[i - 1]);
  assert.deepEqual(kinds, ['properties', 'testcase', 'system-out', 'system-err']);
  const { timestamp, hostname, id, package: ofPackage, time } = suite.attributes;
  // xs:dateTime without a zone, and a decimal.
  assert.match(timestamp ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  assert.deepEqual([hostname, id, ofPackage], ['bench-host', '0', 'pushbench']);
  assert.equal(time, '87.750');
  for (const { attributes, children } of casesOf(suite)) {
    assert.deepEqual(Object.keys(attributes), ['classname', 'name', 'time']);
    assert.ok(children.length <= 1);
    assert.match(attributes.time ?? '', /^\d+\.\d{3}$/);
  }
});

test('counts its cases as they are', needs, () => {
  const suite = suiteOf(sampleGate());
  const having = (tag: string) =>
    casesOf(suite).filter(({ children }) => children.some((child) => child.tag === tag)).length;
  const { tests, failures, errors, skipped } = suite.attributes;
  assert.deepEqual([tests, failures, errors, skipped], ['9', '2', '0', '1']);
  assert.deepEqual(
    [casesOf(suite).length, having('failure'), having('error'), having('skipped')],
    [9, 2, 0, 1],
  );
});

test('a metric and a threshold that fail say why', needs, () => {
  const suite = suiteOf(sampleGate());
  const [failure] = caseOf(suite, /cpu\.server\.usPerDelivery/).children;
  assert.equal(failure?.attributes.message, 'The whole interval is beyond the tolerance.');
  assert.equal(failure?.attributes.type, 'FAIL');
  assert.match(failure?.text ?? '', /base 12\.4 µs, head 15 µs, change \+21\.2 %/);
  const [threshold] = caseOf(suite, /< 9KiB/).children;
  assert.match(threshold?.attributes.message ?? '', /worst run of head has 9\.66 KiB/);
  assert.deepEqual(caseOf(suite, /< 50ms/).children, []);
});

test('INCONCLUSIVE is skipped by default and a failure where that was asked for', needs, () => {
  const [skipped] = caseOf(suiteOf(sampleGate()), /^memory of the server per connection/).children;
  assert.equal(skipped?.tag, 'skipped');
  assert.match(skipped?.attributes.message ?? '', /12 more blocks/);
  const strict = suiteOf(sampleGate(), 'fail');
  const [failure] = caseOf(strict, /^memory of the server per connection/).children;
  assert.equal(failure?.attributes.type, 'INCONCLUSIVE');
  assert.deepEqual([strict.attributes.failures, strict.attributes.skipped], ['3', '0']);
});

test('a gate that ended early says so in the case of the measurement', needs, () => {
  const gate = sampleGate({ status: 'aborted', abortReason: 'the time given was over', blocksAsked: 12 });
  const [skipped] = caseOf(suiteOf(gate), /12 blocks/).children;
  assert.equal(skipped?.attributes.message, 'the time given was over');
});

test('a gate that failed though no figure did fails in the case of the measurement', needs, () => {
  const over = {
    status: 'aborted',
    abortReason: 'head in block 1 failed: it ended',
    verdict: 'FAIL',
  } as const;
  const suite = suiteOf(sampleGate({ ...over, blocksAsked: 12, metrics: [], thresholds: [] }));
  const [failure] = caseOf(suite, /12 blocks/).children;
  assert.deepEqual([failure?.attributes.type, failure?.attributes.message], ['FAIL', over.abortReason]);
  assert.equal(suite.attributes.failures, '1');
});

test('properties name both sides and the smallest regression that was visible', needs, () => {
  const [properties] = suiteOf(sampleGate()).children;
  const values = Object.fromEntries(
    (properties?.children ?? []).map(({ attributes }) => [attributes.name, attributes.value]),
  );
  assert.equal(values['base.commit'], '0123456789abcdef0123456789abcdef01234567');
  assert.equal(values.blocks, '6 of 6');
  assert.equal(values['smallest-visible.cpu.server.usPerDelivery'], '7 %');
});

test('information stands in system-out, and is no case', needs, () => {
  const suite = suiteOf(sampleGate());
  const out = suite.children.find(({ tag }) => tag === 'system-out')?.text ?? '';
  assert.match(out, /event-loop utilisation \(loop\.utilisation\): base 41 %/);
  assert.ok(casesOf(suite).every(({ attributes }) => !attributes.name?.includes('loop.utilisation')));
});

test('text of strangers survives, and what XML cannot hold is replaced', needs, () => {
  const hostile = '</testcase>&"<![CDATA[ ]]>\u0000\u001b[31m\ud800 \u{1f600}\ttab\nline';
  const metric = sampleMetric({
    path: 'x',
    label: hostile,
    unit: 'us',
    at: 1,
    change: 1,
    noise: 0.1,
    verdict: 'FAIL',
    why: hostile,
  });
  const suite = suiteOf(sampleGate({ metrics: [metric], headline: hostile, thresholds: [] }));
  const expected = '</testcase>&"<![CDATA[ ]]>\ufffd\ufffd[31m\ufffd \u{1f600}\ttab\nline';
  const [failure] = caseOf(suite, /\(x\)$/).children;
  assert.equal(failure?.attributes.message, expected);
  assert.ok(suite.children.find(({ tag }) => tag === 'system-out')?.text.startsWith(expected));
});

test('a pair of surrogates is one character, half of one is none', () => {
  assert.equal(escapeXml('\u{1f600}'), '\u{1f600}');
  assert.equal(escapeXml('\ude00\ud83d'), '\ufffd\ufffd');
});

test('a gate that is open although each of its figures passes has a case that says so', needs, () => {
  const headline = 'INCONCLUSIVE: threshold deliveries.lost == 0 could not be held against any run of head.';
  const gate = sampleGate({ verdict: 'INCONCLUSIVE', headline, metrics: [], thresholds: [] });
  const [one] = casesOf(suiteOf(gate));
  assert.equal(one?.children[0]?.tag, 'skipped');
  assert.equal(one?.children[0]?.attributes.message, headline);
  assert.equal(suiteOf(gate, 'fail').attributes.failures, '1');
});
