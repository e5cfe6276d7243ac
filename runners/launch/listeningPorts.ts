import { readdirSync, readlinkSync } from 'node:fs';
import { PROC_ROOT, readProcText } from '../samplers/procFile.ts';

/** TCP_LISTEN of /proc/net/tcp. */
const LISTENS = '0A';

/** TCP ports that processes listen at, each once; empty where the system does not tell. */
export function listeningPorts(pids: readonly number[]): number[] {
  const sockets = new Set(pids.flatMap(filesOf));
  const rows = ['tcp', 'tcp6'].flatMap((table) => {
    const text = pids.length === 0 ? null : readProcText(`${PROC_ROOT}/${pids[0]}/net/${table}`);
    return text === null ? [] : text.split('\n').slice(1);
  });
  const ports = rows.flatMap((row) => {
    const [, local, , state, , , , , , inode] = row.trim().split(/\s+/);
    const isTheirs = state === LISTENS && sockets.has(`socket:[${inode}]`);
    return isTheirs ? Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16) : [];
  });
  return [...new Set(ports)];
}

function filesOf(pid: number): string[] {
  const folder = `${PROC_ROOT}/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap((name) => linkOf(`${folder}/${name}`));
  } catch {
    // It has ended, or is not ours to look into.
    return [];
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
