import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Fault, messageOf, UsageError } from '../contract/errors.ts';
import type { ServerOptions } from '../contract/pushServer.ts';
import { SECURITY_KINDS, type SecurityKind } from '../contract/security.ts';
import type { Authority } from '../runners/security/authority.ts';
import type { Flags } from './given.ts';
import { SERVE_HINT } from './serveHint.ts';

/** How a served stage is protected, and where its clients find what they need. */
export interface ServeSecurity {
  readonly kind: Exclude<SecurityKind, 'plain'>;
  /** Folder for what clients need, absolute. */
  readonly out: string;
}

/** What `curl` and others take to get in; paths are absolute. */
export interface ClientFiles {
  readonly ca: string;
  /** null: clients say nothing of themselves. */
  readonly own: { readonly certificate: string; readonly privateKey: string; readonly token: string } | null;
}

/** A protected server's authority and what its clients were given. */
export interface ServeAuthority {
  readonly files: ClientFiles;
  /** With the node's own certificate and key. */
  secure(options: ServerOptions): Promise<ServerOptions>;
  stop(): Promise<void>;
}

const NAMES = { ca: 'ca.pem', certificate: 'client.pem', privateKey: 'client-key.pem', token: 'token.txt' };

/** Reads `--security` and `--tls-out` of `bench serve`; null: plain. */
export function readServeSecurity(flags: Flags, cwd: string, faults: Fault[]): ServeSecurity | null {
  const { security = 'plain', tlsOut } = flags;
  const kind = SECURITY_KINDS.find((known) => known === security);
  if (kind === undefined) {
    faults.push({ key: '--security', value: security, expected: `one of ${SECURITY_KINDS.join(', ')}` });
    return null;
  }
  if (kind === 'plain') {
    const expected = 'only together with --security tls or mtls-jwt';
    if (tlsOut !== undefined) faults.push({ key: '--tls-out', value: tlsOut, expected });
    return null;
  }
  if (typeof tlsOut === 'string' && tlsOut !== '') return { kind, out: resolve(cwd, tlsOut) };
  const expected = 'a folder for the certificates that clients need, such as --tls-out bench-tls';
  faults.push({ key: '--tls-out', value: tlsOut, expected });
  return null;
}

/**
 * Makes an authority and writes down what clients of it need, readable by this user alone. What an earlier server left in the
 * folder is replaced; a folder with anything else in it is refused.
 * @throws UsageError where the folder cannot be used
 */
export async function openAuthority({ kind, out }: ServeSecurity): Promise<ServeAuthority> {
  await prepareFolder(out);
  // Loaded on demand: a plain server needs none.
  const { createAuthority } = await import('../runners/security/authority.ts');
  const authority = await createAuthority(kind);
  return {
    files: await writeFiles(out, authority),
    secure: async (options) => ({ ...options, security: await serverSecurity(authority, options) }),
    stop: () => authority.stop(),
  };
}

function serverSecurity(authority: Authority, { nodeId, listen }: ServerOptions) {
  return authority.server(
    nodeId,
    listen.map(({ host }) => host),
  );
}

async function prepareFolder(out: string): Promise<void> {
  const ours = new Set(Object.values(NAMES));
  let found: string[];
  try {
    await mkdir(out, { recursive: true, mode: 0o700 });
    found = await readdir(out);
  } catch (error) {
    const expected = `a folder that can be made and read: ${messageOf(error)}`;
    throw new UsageError([{ key: '--tls-out', value: out, expected }], SERVE_HINT);
  }
  const other = found.find((name) => !ours.has(name));
  if (other === undefined) {
    // Written anew, so that their mode is ours whoever made them.
    await Promise.all(found.map((name) => rm(join(out, name))));
    return;
  }
  const expected = `a new folder, or one that an earlier server has written; this one holds ${other}`;
  throw new UsageError([{ key: '--tls-out', value: out, expected }], SERVE_HINT);
}

async function writeFiles(out: string, { client, headers }: Authority): Promise<ClientFiles> {
  const write = async (name: string, text: string): Promise<string> => {
    const path = join(out, name);
    await writeFile(path, `${text.trimEnd()}\n`, { mode: 0o600, flag: 'wx' });
    return path;
  };
  const ca = await write(NAMES.ca, client.ca ?? '');
  if (client.certificate === null || client.privateKey === null) return { ca, own: null };
  const own = {
    certificate: await write(NAMES.certificate, client.certificate),
    privateKey: await write(NAMES.privateKey, client.privateKey),
    token: await write(NAMES.token, (headers.authorization ?? '').replace('Bearer ', '')),
  };
  return { ca, own };
}
