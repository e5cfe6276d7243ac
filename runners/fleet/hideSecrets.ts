import type { CloseDetail } from '../../contract/loadDriver.ts';
import { withoutSecrets } from '../drivers/custom/refusal.ts';
import type { ClientRequest, ClientValues } from './clientRequest.ts';

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
  const secrets = [...Object.values(headers), ...tokens];
  return secrets.length === 0 ? detail : { ...detail, detail: withoutSecrets(detail.detail, secrets) };
}
