import { messageOf } from '../../../contract/errors.ts';
import type { CloseDetail } from '../../../contract/loadDriver.ts';
import { codeOf, socketErrorDetail } from '../closeReason.ts';

/** What an error of a driver of the user's own means: the first failed system call among its causes, or else its text. */
export function refusalOf(error: unknown, secrets: readonly string[]): CloseDetail {
  const failed = systemErrorIn(error);
  if (failed !== null) return socketErrorDetail(failed);
  return { reason: 'other', detail: withoutSecrets(messageOf(error), secrets), retryable: true };
}

/** Libraries wrap what they saw: `fetch failed`, with the refused connect as its cause. */
function systemErrorIn(error: unknown): Error | null {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (/^E[A-Z]/.test(codeOf(each)) && !codeOf(each).startsWith('ERR_')) return each;
  }
  return null;
}

/** The first line of a text of the user's; tokens and header values that it repeats must not get into a result. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const [line] = text.split('\n', 1);
  // Less than that is no secret, and would tear words apart.
  return (
    secrets
      .filter((secret) => secret.length >= 4)
      // One may be part of another, of which the rest would stay.
      .sort((a, b) => b.length - a.length)
      .reduce((shown, secret) => shown.replaceAll(secret, '…'), line)
  );
}
