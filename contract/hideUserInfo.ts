/**
 * `redis://user:password@host` becomes `redis://…@host`, in each address of a text: what may stand in results,
 * messages and logs. Up to the last @ before the path, since a password may hold one.
 */
export function hideUserInfo(text: string): string {
  return text.replace(/:\/\/[^/\s]*@/g, '://…@');
}
