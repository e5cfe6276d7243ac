import type { PublishBody } from '../contract/config.ts';
import type { Fault } from '../contract/errors.ts';
import type { Given } from './given.ts';

const MAX_BYTES = 65_536;
/** `a=b&c={payload}`: names and values without blanks. */
const FORM = /^[^\s&=<]+=[^\s&]*(?:&[^\s&=]+=[^\s&]*)*$/;
const JSON_BEGINS = /^\s*(?:\[|\{(?!payload\}|topic\}))/;

/** What a posted body looks like. Faults never tell what is in the template: it may hold a secret. */
export function readPublishBody(one: Given | undefined, faults: Fault[]): PublishBody | null {
  if (one === undefined) return null;
  const template = String(one.value);
  const expected = faultOf(template);
  if (expected !== null) faults.push({ key: one.key, value: undefined, expected });
  return { template, contentType: contentTypeOf(template) };
}

/** What it is taken for where no header says so. */
function contentTypeOf(template: string): string {
  if (JSON_BEGINS.test(template)) return 'application/json';
  return FORM.test(template) ? 'application/x-www-form-urlencoded' : 'text/plain';
}

function faultOf(template: string): string | null {
  const payloads = template.split('{payload}').length - 1;
  if (payloads !== 1)
    return `{payload} exactly once, not ${payloads} times, such as '{"text":"{payload}"}' or 'text={payload}'`;
  if (/\{(?:slot|token)\}/.test(template))
    return 'no {slot} and no {token}: a message is of no client; {payload} and {topic} are replaced';
  if (Buffer.byteLength(template) > MAX_BYTES) return `at most ${MAX_BYTES} bytes`;
  if (JSON_BEGINS.test(template) && !isJson(template.replace('{payload}', 'x').replaceAll('{topic}', 't0')))
    return `JSON once {payload} and {topic} are filled in, both within quotes, such as '{"room":"{topic}","text":"{payload}"}'`;
  return null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Its own words quote the text.
    return false;
  }
}
