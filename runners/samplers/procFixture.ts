import { fileURLToPath } from 'node:url';

/** A small tree as under /proc, with process 4242, for tests of the parsers. */
export const PROC_FIXTURE = fileURLToPath(new URL('fixtures/proc', import.meta.url));
/** A platform without /proc. */
export const NO_PROC = fileURLToPath(new URL('fixtures/none', import.meta.url));
export const ON_LINUX = { skip: process.platform === 'linux' ? false : 'needs /proc' };
