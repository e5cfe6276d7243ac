import { UsageError } from '../../contract/errors.ts';
import type { ConnectTarget } from '../../contract/loadDriver.ts';

/** Host and port as they stand in a URL and in the `Host` header. */
export function authorityOf(target: ConnectTarget): string {
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  return `${host}:${target.port}`;
}

/**
 * Refuses what would break the request head (RFC 9112, section 3; RFC 9110, section 5).
 * @throws UsageError naming every fault; values of headers are secrets and are not shown.
 */
export function checkTarget(target: ConnectTarget): void {
  const faults = [];
  if (!/^\/[\x21-\x7e]*$/.test(target.path)) {
    faults.push({
      key: 'path',
      value: target.path,
      expected: 'must start with / and be percent-encoded ASCII without blanks',
    });
  }
  for (const [name, value] of Object.entries(target.headers)) {
    if (/^[!#$%&'*+.^_`|~\w-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)) continue;
    faults.push({
      key: 'headers',
      value: name,
      expected: 'must be a header name with a value in one line of latin1 text',
    });
  }
  if (faults.length > 0) throw new UsageError(faults);
}

/**
 * The whole head of a GET request, to be written as latin1. The user's own headers take the place of `own`, whose names
 * are in lower case.
 */
export function requestText(target: ConnectTarget, own: Readonly<Record<string, string>>): string {
  const headers = new Map([['host', authorityOf(target)], ...Object.entries(own)]);
  for (const [name, value] of Object.entries(target.headers)) headers.set(name.toLowerCase(), value);
  let text = `GET ${target.path} HTTP/1.1\r\n`;
  for (const [name, value] of headers) text += `${name}: ${value}\r\n`;
  return `${text}\r\n`;
}
