import type { Html } from '../html/escape.ts';
import { pageShell } from '../html/pageShell.ts';
import { definitionsSection } from '../html/sections/definitions.ts';
import { thresholdSection } from '../thresholds/thresholdViews.ts';
import { comparisonHeadline } from './comparisonHeadline.ts';
import { COMPARISON_STYLE } from './comparisonStyle.ts';
import type { ComparisonView } from './comparisonView.ts';
import { comparedConditions } from './sections/comparedConditions.ts';
import {
  comparedCeilings,
  comparedCost,
  comparedLatency,
  comparedReturn,
  sweepSection,
} from './sections/comparedFigures.ts';
import { comparedProfiles } from './sections/comparedProfiles.ts';
import { comparedValidity } from './sections/comparedValidity.ts';
import { comparisonFinding } from './sections/comparisonFinding.ts';
import { deltaSection } from './sections/deltaSection.ts';
import { ladderSection } from './sections/ladderSection.ts';
import { meaningSection } from './sections/meaningSection.ts';
import { comparedChat, comparedFault, comparedFlow, ofEachServer } from './sections/ofEachServer.ts';
import { securitySection } from './sections/securitySection.ts';

/** Sections in the order of the questions that a reader asks. */
const SECTIONS: readonly ((view: ComparisonView) => Html | null)[] = [
  comparisonFinding,
  ({ comparison }) => thresholdSection(comparison.sources),
  meaningSection,
  deltaSection,
  securitySection,
  ladderSection,
  comparedValidity,
  comparedFault,
  comparedChat,
  comparedFlow,
  comparedLatency,
  sweepSection,
  comparedCeilings,
  comparedCost,
  comparedReturn,
  comparedProfiles,
  ofEachServer,
  comparedConditions,
  definitionsSection,
];

/** The whole comparison as one file that opens from disk. */
export function renderComparisonPage(view: ComparisonView): string {
  return pageShell({
    title: comparisonHeadline(view.comparison),
    style: COMPARISON_STYLE,
    sections: SECTIONS.map((make) => make(view)),
  });
}
