import type { Run } from '../../../contract/result.ts';
import { formatCount } from '../../numbers.ts';
import { describeLink } from '../../runLink.ts';
import { describeShape } from '../../runShape.ts';
import { type Html, html } from '../escape.ts';
import { term, textTable } from '../table.ts';
import type { ReportView } from '../view.ts';

const PUBLISHED: Readonly<Record<string, string>> = {
  post: 'POST /publish',
  call: 'unary gRPC calls',
  driver: 'the driver',
  clients: 'the clients themselves',
};

/** How clients reached each server: the shape that was measured, the protection, what lay between, and who published. */
export function accessTable({ runs }: ReportView): Html {
  const rows = runs.map(({ run, label }) => [
    label,
    describeShape(run),
    protectionText(run),
    describeLink(run.plan),
    publishedBy(run),
  ]);
  const distinct = [...new Map(rows.map((row) => [row.join('\n'), row])).values()];
  const titles = [
    'server',
    term('subscribers', 'streams'),
    term('protection', 'unauthenticated'),
    term('network', 'link'),
    'published by',
  ];
  return html`<h3>Access</h3>${textTable(titles, distinct)}`;
}

function publishedBy({ publish, plan: { publishVia, target } }: Run): string {
  if (publish === null) return 'nothing published';
  // Where a server of the user's own takes them, its options say.
  return publishVia === 'post' && target !== null ? 'POST' : (PUBLISHED[publishVia] ?? publishVia);
}

/** `TLSv1.3, TLS_AES_256_GCM_SHA384, SPIFFE identities on both sides, a token each; turned away: tokenExpired 2`. */
export function protectionText({ security }: Pick<Run, 'security'>): string {
  const { kind, tlsVersion, cipher, unauthenticated } = security;
  const refused = unauthenticated.filter(({ count }) => count > 0);
  const parts = [
    kind === 'plain' ? 'none' : (tlsVersion ?? 'TLS'),
    ...(cipher === null ? [] : [cipher]),
    ...(kind === 'mtls-jwt' ? ['SPIFFE identities on both sides, a token of each client'] : []),
  ].join(', ');
  const away = refused.map(({ reason, count }) => `${reason} ${formatCount(count)}`).join(', ');
  return away === '' ? parts : `${parts}; turned away: ${away}`;
}
