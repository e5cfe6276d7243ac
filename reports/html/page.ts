import { headline } from '../headline.ts';
import { thresholdSection } from '../thresholds/thresholdViews.ts';
import type { Html } from './escape.ts';
import { pageShell } from './pageShell.ts';
import { articleSection } from './sections/article.ts';
import { articlePollSection } from './sections/articlePoll.ts';
import { articleWsSection } from './sections/articleWs.ts';
import { busSection } from './sections/bus.ts';
import { ceilingSection } from './sections/ceiling.ts';
import { chatSection } from './sections/chat.ts';
import { conditionsSection } from './sections/conditions.ts';
import { costSection } from './sections/cost.ts';
import { definitionsSection } from './sections/definitions.ts';
import { deliveriesSection } from './sections/deliveries.ts';
import { encodingsSection } from './sections/encodings.ts';
import { faultSection } from './sections/fault.ts';
import { findingSection } from './sections/finding.ts';
import { flowSection } from './sections/flow.ts';
import { howFastSection } from './sections/howFast.ts';
import { keyFigures } from './sections/keyFigures.ts';
import { memorySection } from './sections/memory.ts';
import { pollingSection } from './sections/polling.ts';
import { profileSection } from './sections/profile.ts';
import { rollingSection } from './sections/rolling.ts';
import { slowSection } from './sections/slow.ts';
import { validitySection } from './sections/validity.ts';
import type { ReportView } from './view.ts';

/** Sections in the order of the questions that a reader asks. */
const SECTIONS: readonly ((view: ReportView) => Html | null)[] = [
  findingSection,
  keyFigures,
  ({ result }) => thresholdSection([{ name: '', result }]),
  articleSection,
  articlePollSection,
  articleWsSection,
  validitySection,
  rollingSection,
  faultSection,
  chatSection,
  slowSection,
  flowSection,
  ceilingSection,
  howFastSection,
  pollingSection,
  deliveriesSection,
  busSection,
  memorySection,
  costSection,
  encodingsSection,
  profileSection,
  conditionsSection,
  definitionsSection,
];

/** The whole report of one result as one file. */
export function renderPage(view: ReportView): string {
  return pageShell({ title: headline(view.result), sections: SECTIONS.map((make) => make(view)) });
}
