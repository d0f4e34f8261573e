// What is compared: snippets, or whole documents.
import type { AnalysisUnit } from '../../engine/model.ts';
import { createChoice } from '../choice.ts';
import type { ViewState } from '../state.ts';
import type { Part, ViewContext } from '../viewContext.ts';
import type { Words } from '../words.ts';

const UNITS: readonly { readonly of: AnalysisUnit; readonly icon: string }[] = [
  { of: 'chunks', icon: 'symbol-snippet' },
  { of: 'documents', icon: 'file' },
];

/** `name`: of the radio group, unique in the page. */
export function createUnitChoice(
  { words }: ViewContext,
  name: string,
  valueOf: (state: ViewState) => AnalysisUnit,
  choose: (of: AnalysisUnit) => void,
): Part {
  const options = UNITS.map(({ of, icon }) => {
    const label = words.t(`analysis.of.${of}`);
    return { value: of, icon, label, detail: label };
  });
  return createChoice({ name, label: words.t('analysis.of'), options, valueOf, choose });
}

/** `24 snippets`, `1 document`. */
export function countOf(words: Words, of: AnalysisUnit, count: number): string {
  if (count === 1) return words.t(of === 'chunks' ? 'unit.snippet' : 'unit.document');
  return words.t(of === 'chunks' ? 'unit.snippets' : 'unit.documents', words.count(count));
}
