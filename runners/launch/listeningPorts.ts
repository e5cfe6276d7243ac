import { readdirSync, readlinkSync } from 'node:fs';
import { PROC_ROOT, readProcText } from '../samplers/procFile.ts';

/** TCP_LISTEN of /proc/net/tcp. */
const LISTENS = '0A';

/** TCP ports that processes listen at, each once; null where the system does not tell of all of them. */
export function listeningPorts(pids: readonly number[]): readonly number[] | null {
  const files = pids.map(filesOf);
  const tables = ['tcp', 'tcp6'].map((table) => readProcText(`${PROC_ROOT}/${pids[0]}/net/${table}`));
  if (files.includes(null) || tables[0] === null) return null;
  const sockets = new Set(files.flatMap((of) => of ?? []));
  const rows = tables.flatMap((text) => (text ?? '').split('\n').slice(1));
  const ports = rows.flatMap((row) => {
    const [, local, , state, , , , , , inode] = row.trim().split(/\s+/);
    const isTheirs = state === LISTENS && sockets.has(`socket:[${inode}]`);
    return isTheirs ? Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16) : [];
  });
  return [...new Set(ports)];
}

function filesOf(pid: number): string[] | null {
  const folder = `${PROC_ROOT}/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap((name) => linkOf(`${folder}/${name}`));
  } catch {
    // It has ended, or is not ours to look into.
    return null;
  }
}

function linkOf(path: string): string[] {
  try {
    return [readlinkSync(path)];
  } catch {
    // Closed meanwhile.
    return [];
  }
}
