// Stage 2, LaTeX, reStructuredText, AsciiDoc and plain text: by heading where there are any, by paragraph, by sentence. Cost:
// linear.
import type { Draft, Page } from '../drafts.ts';
import { proseStrength } from './proseStrength.ts';
import { draftSections } from './sections.ts';
import { findTextHeadings } from './textHeadings.ts';

export function draftPlainText(page: Page): Draft[] {
  const headings = findTextHeadings(page.atoms, page.languageId);
  return draftSections(page, { from: 0, to: page.atoms.count }, headings, proseStrength(page.atoms));
}
