/** True for a path that stays inside the result folder and can be no other kind of address. */
export function isLocalPath(path: string): boolean {
  return /^[\w.\-/]+$/.test(path) && !path.startsWith('/') && !path.split('/').includes('..');
}
