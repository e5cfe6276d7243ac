import type { Run, RunResult } from '../../contract/result.ts';
import { SECURITY_KINDS } from '../../contract/security.ts';
import { sampleResult } from './sampleResult.ts';
import { sampleRun } from './sampleRun.ts';

/** What one kind of protection makes of a run's figures, as factors or sums on those of the sample. */
interface Toll {
  readonly handshake: number;
  readonly connects: number;
  readonly memoryBytes: number;
  readonly cpu: number;
  readonly publishCpu: number;
}

const TOLLS: Readonly<Record<Run['security']['kind'], Toll>> = {
  plain: { handshake: 1, connects: 1, memoryBytes: 0, cpu: 1, publishCpu: 1 },
  tls: { handshake: 21, connects: 0.14, memoryBytes: 23_000, cpu: 1.18, publishCpu: 1.2 },
  'mtls-jwt': { handshake: 43, connects: 0.07, memoryBytes: 31_000, cpu: 1.19, publishCpu: 4 },
};

const SERVERS = [
  { stage: 'sse', variant: 'shared', streamsPerConnection: 1, memoryBytes: 15_200, cpuUs: 12.4 },
  { stage: 'ws', variant: 'prepared', streamsPerConnection: 1, memoryBytes: 9_800, cpuUs: 9.1 },
  { stage: 'grpc', variant: 'server-stream', streamsPerConnection: 100, memoryBytes: 22_000, cpuUs: 17 },
] as const;

/** Two runs of three servers under each kind of protection: what scenario `security-cost` yields. */
export function securityRuns(): Run[] {
  const runs = [0, 1].flatMap((turn) =>
    SERVERS.flatMap((server) => SECURITY_KINDS.map((kind) => runOf(server, kind, turn))),
  );
  return runs.map((run, order) => ({ ...run, order }));
}

/** The result of `bench run --stage sse,ws,grpc --security plain,tls,mtls-jwt`. */
export function securityResult(): RunResult {
  return sampleResult({
    command: ['bench', 'run', '--stage', 'sse,ws,grpc', '--security', 'plain,tls,mtls-jwt'],
    config: { scenario: 'security-cost', security: SECURITY_KINDS },
    runs: securityRuns(),
  });
}

function runOf(server: (typeof SERVERS)[number], kind: Run['security']['kind'], turn: number): Run {
  const toll = TOLLS[kind];
  const scatter = 1 + 0.03 * turn;
  const sample = sampleRun({}, 640 * (1 + 0.04 * (toll.cpu - 1)) * scatter);
  const cpuUs = server.cpuUs * toll.cpu * scatter;
  const { connections, handshakeUs, memory, plan, cpu, deliveries } = sample;
  return {
    ...sample,
    stage: server.stage,
    variant: server.variant,
    scenario: 'security-cost',
    workload: { ...sample.workload, profile: 'none', streamsPerConnection: server.streamsPerConnection },
    plan: { ...plan, streamsPerConnection: server.streamsPerConnection },
    connections: {
      ...connections,
      perSecond: 9_600 * toll.connects * scatter,
      tcp: connections.established / server.streamsPerConnection,
    },
    handshakeUs: handshakeUs && {
      ...handshakeUs,
      p50: (handshakeUs.p50 ?? 0) * toll.handshake * scatter,
      p95: (handshakeUs.p95 ?? 0) * toll.handshake * scatter,
    },
    memory: withMemory(memory, server.memoryBytes + toll.memoryBytes / server.streamsPerConnection),
    cpu: {
      ...cpu,
      server: {
        ...cpu.server,
        usPerDelivery: cpuUs,
        usPerPublish: (cpu.server.usPerPublish ?? 0) * toll.publishCpu * scatter,
        userShare: (cpuUs * (deliveries?.perSecond ?? 0)) / 1e6,
        systemShare: 0,
      },
    },
    security: {
      kind,
      tlsVersion: kind === 'plain' ? null : 'TLSv1.3',
      cipher: kind === 'plain' ? null : 'TLS_AES_256_GCM_SHA384',
      unauthenticated: [],
    },
  };
}

function withMemory(memory: Run['memory'], perConnection: number): Run['memory'] {
  return {
    ...memory,
    server: { ...memory.server, rssPerConnectionBytes: perConnection },
    generator: { ...memory.generator, rssPerConnectionBytes: 2_300 + perConnection / 4 },
  };
}
