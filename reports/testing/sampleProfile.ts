import type { Profile } from '../../contract/result.ts';

/** Entry of a run for the profile `profiles/server.cpuprofile`. */
export function sampleProfile(): Profile {
  return {
    kind: 'cpu',
    role: 'server 0',
    path: 'profiles/server.cpuprofile',
    samples: 1_000,
    unit: 'us',
    note: null,
  };
}

/** A V8 CPU profile with enough samples to be drawn. */
export function busyCpuProfile(): object {
  const callFrame = (functionName: string, url: string) => ({ functionName, url, lineNumber: 9 });
  const samples = Array.from({ length: 1_000 }, (_, i) => [2, 3, 4, 4, 5][i % 5]);
  return {
    nodes: [
      { id: 1, callFrame: callFrame('(root)', ''), children: [2, 5] },
      { id: 2, callFrame: callFrame('publish', 'file:///x/servers/sse/hub.ts'), children: [3, 4] },
      { id: 3, callFrame: callFrame('encodeEvent', 'file:///x/servers/sse/encode.ts'), children: [] },
      { id: 4, callFrame: callFrame('writeUtf8String', ''), children: [] },
      { id: 5, callFrame: callFrame('(garbage collector)', ''), children: [] },
    ],
    samples,
    timeDeltas: samples.map((_, i) => (i % 5 === 2 ? 300 : 200)),
  };
}
