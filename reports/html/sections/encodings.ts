import { formatBytes, formatUs } from '../../numbers.ts';
import { type Html, html } from '../escape.ts';
import { section } from '../figureSection.ts';
import { term } from '../table.ts';
import type { ReportView } from '../view.ts';

/** Size and cost of each payload encoding; only where they were measured. */
export function encodingsSection({ result }: ReportView): Html | null {
  if (!result.encodings || result.encodings.length === 0) return null;
  const rows = result.encodings.map(
    ({ encoding, bytes, encodeNs, parseNs }) =>
      html`<tr><th scope="row">${encoding}</th><td class="figure" title="${bytes} bytes">${formatBytes(bytes)}</td><td class="figure" title="${encodeNs} ns">${formatUs(encodeNs / 1000)}</td><td class="figure" title="${parseNs} ns">${formatUs(parseNs / 1000)}</td></tr>`,
  );
  const heads = ['event on the wire', 'encode', 'parse'].map(
    (title) => html`<th scope="col">${term(title, 'encoding')}</th>`,
  );
  return section('Encodings', [
    html`<div class="scroll"><table><thead><tr><th scope="col">encoding</th>${heads}</tr></thead><tbody>${rows}</tbody></table></div>`,
  ]);
}
