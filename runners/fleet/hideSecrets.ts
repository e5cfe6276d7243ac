import type { CloseDetail } from '../../contract/loadDriver.ts';
import { withoutSecrets } from '../drivers/custom/refusal.ts';
import type { ClientRequest, ClientValues } from './clientRequest.ts';

/** A shorter word of a header is one of a language, such as `Bearer`. */
const LEAST_WORD = 8;

/** What of these headers must not be told: their values, and each long word of them, such as the key after `Bearer`. */
export function secretsIn(headers: ClientRequest['headers']): readonly string[] {
  const words = Object.values(headers).flatMap((value) => value.split(/[\s=;,]+/));
  return [...Object.values(headers), ...words.filter(({ length }) => length >= LEAST_WORD)];
}

/**
 * Why a client was turned away, without its token and its header values: servers say them back in redirects, in statuses
 * and in close reasons, and what they say goes into results.
 */
export function hideSecrets(
  detail: CloseDetail,
  { headers }: ClientRequest,
  { token }: Pick<ClientValues, 'token'>,
): CloseDetail {
  const tokens = token === null ? [] : [token, encodeURIComponent(token)];
  const secrets = [...secretsIn(headers), ...tokens];
  return secrets.length === 0 ? detail : { ...detail, detail: withoutSecrets(detail.detail, secrets) };
}
