import { type RunResult, SCHEMA_VERSION } from '../../contract/result.ts';
import { sampleRun } from './sampleRun.ts';

/** A plausible result; checked against the schema by a test. */
export function sampleResult(over: Partial<RunResult> = {}): RunResult {
  const runs = over.runs ?? [sampleRun()];
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'pushbench', version: '0.1.0' },
    createdAt: '2026-01-15T10:00:40.000Z',
    status: 'complete',
    command: ['bench', 'run', '--stage', 'sse'],
    labels: { team: 'edge' },
    seed: 42,
    config: { stages: ['sse'], scenario: 'steady' },
    host: {
      hostname: 'bench-host',
      platform: 'linux x64',
      kernel: '6.18.0',
      cpuModel: 'Example CPU 3.0 GHz',
      cores: 2,
      memoryBytes: 24 * 1024 ** 3,
      nodeVersion: 'v26.10.0',
      v8Flags: [],
      openFilesLimit: 20_000,
      somaxconn: 4096,
      ephemeralPorts: [32_768, 60_999],
      packages: { eventsource: '4.1.1' },
      gitCommit: '0123456789abcdef0123456789abcdef01234567',
      gitDirty: false,
    },
    validity: runs[0]?.validity ?? { verdict: 'VALID', reasons: [] },
    encodings: null,
    ...over,
    runs,
  };
}
