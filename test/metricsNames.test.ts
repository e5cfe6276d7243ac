import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { startServing } from '../cli/startServing.ts';
import { DEFAULT_SERVER_OPTIONS, type VariantInfo } from '../contract/pushServer.ts';
import { STAGES } from '../servers/registry.ts';

const text = await readFile(new URL('../docs/metrics.md', import.meta.url), 'utf8');
const shared = rowsBelow('Every stage has:');

/** `name type` of each row of the table below this line; nothing where there is no such line. */
function rowsBelow(line: string): string[] {
  const [, below = ''] = text.split(`\n${line}\n`);
  const table = below.trimStart().split('\n\n')[0] ?? '';
  return [...table.matchAll(/^\| `(push_\w+)(?:\{\w+\})?` \| (\w+) \|/gm)].map(
    ([, name, type]) => `${name} ${type}`,
  );
}

async function shownBy(stage: string, { name, capabilities }: VariantInfo): Promise<string[]> {
  const options = { ...DEFAULT_SERVER_OPTIONS, listen: [{ host: '127.0.0.1', port: 0 }] };
  const serving = await startServing({ stage, variant: name }, { capabilities, options, nodes: 1 });
  try {
    const [node] = serving.nodes;
    const { host, port } = node.ingest ?? node.endpoints[0];
    const exposed = await (await fetch(`http://${host}:${port}/metrics`)).text();
    return [...exposed.matchAll(/^# TYPE (push_\w+) (\w+)/gm)].map(([, metric, type]) => `${metric} ${type}`);
  } finally {
    await serving.stop();
  }
}

test('the table of what every stage has was found', () => assert.ok(shared.length > 10));

for (const stage of STAGES) {
  test(`${stage.name} shows the names of docs/metrics.md, and no others`, async () => {
    const own = rowsBelow(`Stage \`${stage.name}\` has besides:`);
    const seen = new Set<string>();
    for (const variant of stage.variants) {
      const { bus } = variant.capabilities;
      // A bus of another program is not there on every machine, and shows the same names.
      if (bus !== null && bus !== 'embedded') continue;
      const shown = await shownBy(stage.name, variant);
      assert.deepEqual(
        shared.filter((metric) => !shown.includes(metric)),
        [],
        variant.name,
      );
      for (const metric of shown) seen.add(metric);
    }
    assert.deepEqual([...seen].sort(), [...shared, ...own].sort());
  });
}
