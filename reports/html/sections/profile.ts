import { flameSvg } from '../../flame/flameSvg.ts';
import { selfByArea, topSelf } from '../../flame/flameTree.ts';
import type { FoldedProfile } from '../../flame/foldProfile.ts';
import { AREAS } from '../../flame/frameArea.ts';
import { isLocalPath } from '../../flame/isLocalPath.ts';
import { FEWEST_SAMPLES, type LoadedProfile } from '../../flame/loadProfile.ts';
import { formatBytes, formatCount, formatShare, formatUs } from '../../numbers.ts';
import { Html, html } from '../escape.ts';
import { section } from '../figureSection.ts';
import { figureTable, term, textTable } from '../table.ts';
import type { ReportView } from '../view.ts';

/** Where the time (or the memory) went: a flame graph per profile. */
export function profileSection(view: ReportView): Html | null {
  return section('Where did the time go?', [
    areaTable(view.profiles),
    ...view.profiles.map((profile) => profileBlock(profile, view.profiles.length === 1)),
  ]);
}

/** CPU by what the code was doing, a column per profile: the shortest answer to why one server beats another. */
function areaTable(profiles: readonly LoadedProfile[]): Html | null {
  const drawn = profiles.filter(
    ({ folded }) => folded && folded.unit === 'us' && folded.samples >= FEWEST_SAMPLES,
  );
  if (drawn.length < 2) return null;
  const rows = Object.entries(AREAS).map(([area, { label }]) => ({
    label: `${label}, share of CPU`,
    definition: 'flame' as const,
    cells: drawn.map(({ folded }) => {
      const self = folded ? (selfByArea(folded.root).find((sum) => sum.area === area)?.self ?? 0) : 0;
      return { text: formatShare(self / (folded?.root.total || 1)) };
    }),
  }));
  return figureTable(
    drawn.map(({ run }) => run.label),
    rows,
  );
}

function profileBlock(loaded: LoadedProfile, alone: boolean): Html {
  const { profile, folded, run } = loaded;
  const file = isLocalPath(profile.path)
    ? html`<a href="${profile.path}">${profile.path}</a>`
    : html`${profile.path}`;
  const note = profile.note ? html`<p class="quiet">${profile.note}</p>` : null;
  return html`<h3>${run.label}, ${profile.role}: ${profile.kind}</h3>${note}${body(loaded, folded, alone)}<p class="quiet">${file}</p>`;
}

function body({ problem, run, profile }: LoadedProfile, folded: FoldedProfile | null, alone: boolean): Html {
  if (!folded) return html`<p class="quiet">${problem ?? 'A page of its own:'}</p>`;
  if (folded.samples < FEWEST_SAMPLES) {
    return html`<p>Too few samples: ${formatCount(folded.samples)} fell on work, ${FEWEST_SAMPLES} are needed before a flame graph says anything. Raise the rate or the length of the profile pass.</p>`;
  }
  return flame(folded, `${run.label}, ${profile.role}, ${profile.kind}`, alone);
}

function flame(folded: FoldedProfile, title: string, alone: boolean): Html {
  const { root, unit } = folded;
  const keys = selfByArea(root).map(
    ({ area, self }) =>
      html`<span class="key"><i style="background:var(${AREAS[area].colour.variable})"></i>${AREAS[area].label} ${formatShare(self / root.total)}</span>`,
  );
  const what = unit === 'us' ? 'time' : 'allocated memory';
  return html`<div class="flame">
<p class="quiet">Width is ${what}, callers above. Click a frame to zoom; arrow keys walk, Enter zooms, Escape goes back. ${formatCount(folded.samples)} samples. <a href="#def-flame">Definition</a></p>
<div class="flame-tools"><input type="search" placeholder="Search" aria-label="Search the flame graph"><button type="button" disabled>Reset</button>${keys}</div>
${new Html(flameSvg(root, { unit, title }))}
<p class="flame-detail" aria-live="polite"></p></div>${topTable(folded, alone)}`;
}

function topTable({ root, unit }: FoldedProfile, open: boolean): Html {
  const format = unit === 'us' ? formatUs : formatBytes;
  const rows = topSelf(root, 10).map(({ name, place, area, self }) => [
    formatShare(self / root.total),
    format(self),
    name,
    place,
    AREAS[area].label,
  ]);
  return html`<details${open ? new Html(' open') : null}><summary>Functions with the largest own share</summary>${textTable([term('share', 'flame'), term('itself', 'flame'), 'function', 'where', 'area'], rows)}</details>`;
}
