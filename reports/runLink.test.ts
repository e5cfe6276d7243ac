import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LinkSpec } from '../contract/link.ts';
import { compareSources } from './compare/comparison.ts';
import { differencesOf } from './compare/differences.ts';
import { renderMarkdown } from './markdown.ts';
import { describeLink, linkFlag, linkNote } from './runLink.ts';
import { sampleResult } from './testing/sampleResult.ts';
import { sampleRun } from './testing/sampleRun.ts';

const { plan } = sampleRun();
const over = (link: LinkSpec | null) => sampleRun({ plan: { ...plan, link } });
const NEAR = { rttMs: 10, jitterMs: 0 };
const FAR = { rttMs: 80, jitterMs: 20 };

test('a link is told as it was asked for', () => {
  assert.equal(linkFlag(NEAR), 'rtt=10ms');
  assert.equal(linkFlag(FAR), 'rtt=80ms,jitter=20ms');
  assert.equal(describeLink(over(null).plan), 'loopback');
  assert.match(
    describeLink(over(FAR).plan),
    /^a round trip of 80\s?ms ± 20\s?ms added by a relay; loss is not emulated$/,
  );
});

test('the Markdown names the network only where one was put in between', () => {
  const markdown = (link: LinkSpec | null) => renderMarkdown(sampleResult({ runs: [over(link)] }), []);
  assert.match(markdown(FAR), /network: a round trip of 80/);
  assert.doesNotMatch(markdown(null), /network/);
});

test('servers behind one link are told so, and servers behind another one that they are no like for like', () => {
  assert.equal(linkNote([over(null)]), null);
  assert.doesNotMatch(linkNote([over(FAR), over(FAR)]) ?? '', /no like for like/);
  assert.match(linkNote([over(FAR), over(FAR)]) ?? '', /twice all of it in every handshake/);
  assert.match(linkNote([over(FAR), over(null)]) ?? '', /no like for like/);
  assert.match(linkNote([over(FAR), over(NEAR)]) ?? '', /no like for like/);
});

test('a link on one side of a comparison is a difference, and never goes unseen', () => {
  const sources = [over(null), over(FAR)].map((run, i) => ({
    name: `r${i}`,
    result: sampleResult({ runs: [run] }),
  }));
  const { servers } = compareSources(sources);
  const [found] = differencesOf(sources, servers).filter(({ what }) => what === 'link');
  assert.match(
    found?.values.join('; ') ?? '',
    /sse:shared.*loopback; sse:shared rtt=80±20ms.*a round trip of 80/,
  );
});
