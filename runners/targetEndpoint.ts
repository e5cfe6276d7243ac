import type { Endpoint } from '../contract/pushServer.ts';

const SECURE = ['https:', 'wss:', 'grpcs:'];

/** Host and port behind the address of a target; ports as those of HTTP where none is named. */
export function targetEndpoint(url: string): Endpoint {
  const { hostname, port, protocol } = new URL(url);
  const byDefault = SECURE.includes(protocol) ? 443 : 80;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || byDefault) };
}
