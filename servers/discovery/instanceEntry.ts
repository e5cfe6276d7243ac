import type { Instance } from '../../contract/discovery.ts';
import type { Endpoint } from '../../contract/pushServer.ts';

/** Characters of a value that are looked at; an entry of a hundred addresses is well below. */
const MAX_VALUE = 16_384;
const MAX_ENDPOINTS = 256;
const MAX_WEIGHT = 1_000;
const NODE_ID = /^[\w.-]{1,64}$/;
const SERVICE = /^[\w.-]{1,100}$/;

/**
 * Keys of a service's instances begin so.
 * @throws RangeError for a name that would not be one part of a key
 */
export function servicePrefix(service: string): string {
  if (SERVICE.test(service)) return `/services/${service}/`;
  throw new RangeError(
    `service ${JSON.stringify(service)}: 1 to 100 letters, digits, dots, dashes or underscores`,
  );
}

/** An instance stands under its first address. */
export function instanceKey(service: string, { endpoints: [first] }: Instance): string {
  return `${servicePrefix(service)}${first.host}:${first.port}`;
}

export function instanceValue({ nodeId, endpoints, weight }: Instance): string {
  return JSON.stringify({ nodeId, endpoints, weight });
}

/** null: this is no instance. What stands in a directory was written by somebody else. */
export function parseInstance(text: string): Instance | null {
  if (text.length > MAX_VALUE) return null;
  const value = parseJson(text);
  if (!isRecord(value)) return null;
  const { nodeId, endpoints, weight = 1 } = value;
  if (typeof nodeId !== 'string' || !NODE_ID.test(nodeId)) return null;
  if (!isWithin(weight, 1, MAX_WEIGHT) || !Array.isArray(endpoints)) return null;
  if (endpoints.length === 0 || endpoints.length > MAX_ENDPOINTS || !endpoints.every(isEndpoint)) return null;
  return { nodeId, weight, endpoints: endpoints.map(({ host, port }) => ({ host, port })) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}

function isEndpoint(value: unknown): value is Endpoint {
  return (
    isRecord(value) &&
    typeof value.host === 'string' &&
    /^[\w.:-]{1,255}$/.test(value.host) &&
    isWithin(value.port, 1, 65_535)
  );
}
