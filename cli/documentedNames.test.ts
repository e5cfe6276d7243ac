import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { METRICS } from '../contract/metrics.ts';
import { DEFAULT_SERVER_OPTIONS } from '../contract/pushServer.ts';
import { STAGES } from '../servers/registry.ts';
import { startServing } from './startServing.ts';

function documentText(name: string): Promise<string> {
  return readFile(new URL(`../docs/${name}`, import.meta.url), 'utf8');
}

test('docs/result.md lists the paths of a result, all of them and in their order', async () => {
  const text = await documentText('result.md');
  const rows = METRICS.map(({ path, unit, meaning }) => `| \`${path}\` | ${unit} | ${meaning} |`);
  assert.deepEqual(text.slice(text.indexOf('| path |')).trim().split('\n').slice(2), rows);
});

for (const stage of STAGES) {
  test(`docs/metrics.md lists every name of our own that ${stage.name} shows`, async () => {
    const text = await documentText('metrics.md');
    const documented = new Set([...text.matchAll(/`(push_\w+)/g)].map(([, name]) => name));
    for (const { name, capabilities } of stage.variants) {
      // A bus of another program is not there on every machine, and shows the same names.
      if (capabilities.bus !== null && capabilities.bus !== 'embedded') continue;
      const shown = await namesShown(stage.name, name);
      assert.ok(shown.length > 0);
      assert.deepEqual(
        shown.filter((each) => !documented.has(each)),
        [],
      );
    }
  });
}

async function namesShown(stage: string, variant: string): Promise<string[]> {
  const info = STAGES.find(({ name }) => name === stage)?.variants.find(({ name }) => name === variant);
  assert.ok(info !== undefined);
  const options = { ...DEFAULT_SERVER_OPTIONS, listen: [{ host: '127.0.0.1', port: 0 }] };
  const { capabilities } = info;
  const serving = await startServing({ stage, variant }, { capabilities, options, nodes: 1 });
  try {
    const [{ host, port }] = serving.nodes[0].endpoints;
    const text = await (await fetch(`http://${host}:${port}/metrics`)).text();
    return [...text.matchAll(/^# TYPE (push_\w+)/gm)].map(([, name]) => name);
  } finally {
    await serving.stop();
  }
}
