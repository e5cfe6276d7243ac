import { flameSvg } from '../../flame/flameSvg.ts';
import { selfByArea } from '../../flame/flameTree.ts';
import type { FoldedProfile } from '../../flame/foldProfile.ts';
import { AREAS } from '../../flame/frameArea.ts';
import { FEWEST_SAMPLES, type LoadedProfile } from '../../flame/loadProfile.ts';
import { Html, html } from '../../html/escape.ts';
import { section } from '../../html/figureSection.ts';
import { figureTable } from '../../html/table.ts';
import { formatCount, formatShare, formatUs } from '../../numbers.ts';
import { METRIC } from '../comparisonMetrics.ts';
import type { ComparisonView } from '../comparisonView.ts';
import { figureOf } from '../figures.ts';
import type { ServerGroup } from '../serverGroup.ts';

/** Half of the page's column, less the gap between two graphs. */
const WIDTH = 486;

/** Less of the CPU than this is noise of the sampling. */
const LEAST_SHARE = 0.001;

interface Drawn {
  readonly group: ServerGroup;
  readonly loaded: LoadedProfile;
  readonly folded: FoldedProfile;
}

/** Where the time went: CPU by area as a table, then the flame graphs side by side, one per server. */
export function comparedProfiles(view: ComparisonView): Html | null {
  const drawn = view.comparison.servers.flatMap((group) => drawnOf(group, view.profiles));
  if (drawn.length === 0) return null;
  return section('Where did the time go?', [
    drawn.length > 1 ? areaTable(drawn) : null,
    html`<p class="quiet">Width is time, callers above; each graph fills its own width, so shares compare and lengths do not. Click a frame to zoom; arrow keys walk, Enter zooms, Escape goes back. <a href="#def-flame">Definition</a></p>`,
    html`<p class="flame-tools">${keys(drawn)}</p>`,
    html`<div class="flames" id="flames">${drawn.map(flame)}</div>`,
    ...view.comparison.servers.flatMap((group) => absence(group, drawn, view.profiles) ?? []),
  ]);
}

/** The first profile of CPU time that has samples enough. */
function drawnOf(group: ServerGroup, profiles: readonly LoadedProfile[]): Drawn[] {
  const loaded = profiles.find(
    ({ run, folded }) =>
      group.runs.includes(run.run) && folded?.unit === 'us' && folded.samples >= FEWEST_SAMPLES,
  );
  return loaded?.folded ? [{ group, loaded, folded: loaded.folded }] : [];
}

/** Why a profile was not drawn; nothing for a server without any. */
function absence(
  group: ServerGroup,
  drawn: readonly Drawn[],
  profiles: readonly LoadedProfile[],
): Html | null {
  const loaded = profiles.find(({ run, folded }) => group.runs.includes(run.run) && folded?.unit === 'us');
  if (!loaded?.folded || drawn.some((one) => one.group === group)) return null;
  return html`<p class="quiet">No flame graph of ${group.label}: ${formatCount(loaded.folded.samples)} samples fell on work, ${FEWEST_SAMPLES} are needed.</p>`;
}

/** Server CPU of one delivery split by what the code was doing. */
function areaTable(drawn: readonly Drawn[]): Html {
  const rows = Object.entries(AREAS).map(([area, { label }]) => ({
    label,
    definition: 'flame' as const,
    cells: drawn.map(({ group, folded: { root } }) => {
      const self = selfByArea(root).find((sum) => sum.area === area)?.self ?? 0;
      const share = self / (root.total || 1);
      const cpu = serverCpu(group);
      if (share < LEAST_SHARE) return { text: '–' };
      const text = formatShare(share);
      return { text: cpu === null ? text : `${text}, ${formatUs(share * cpu)}` };
    }),
  }));
  const table = figureTable(
    drawn.map(({ group }) => group.label),
    rows,
  );
  return html`${table}<p class="quiet">Share of the sampled CPU, and that share of the server’s CPU per delivery.</p>`;
}

/** Without the bus process, which is not in the profile. */
function serverCpu(group: ServerGroup): number | null {
  const whole = figureOf(group, METRIC.cpu)?.estimate.value ?? null;
  return whole === null ? null : whole - (figureOf(group, METRIC.brokerCpu)?.estimate.value ?? 0);
}

function keys(drawn: readonly Drawn[]): Html[] {
  const seen = new Set(drawn.flatMap(({ folded }) => selfByArea(folded.root).map(({ area }) => area)));
  return [...seen].map(
    (area) =>
      html`<span class="key"><i style="background:var(${AREAS[area].colour.variable})"></i>${AREAS[area].label}</span>`,
  );
}

function flame({ group, loaded, folded }: Drawn): Html {
  const title = `${group.label}, ${loaded.profile.role}, ${loaded.profile.kind}`;
  const svg = flameSvg(folded.root, { unit: folded.unit, title, width: WIDTH });
  return html`<div class="flame"><h3>${group.label}</h3>
<div class="flame-tools"><input type="search" placeholder="Search" aria-label="Search the flame graph of ${group.label}"><button type="button" disabled>Reset</button><span class="key">${formatCount(folded.samples)} samples</span></div>
${new Html(svg)}<p class="flame-detail" aria-live="polite"></p></div>`;
}
