import * as vscode from 'vscode';
import type { ComparedText } from '../comparison.ts';
import { HostError } from '../problems.ts';
import type { Services } from '../services.ts';
import { shownHit } from '../shownHit.ts';
import type { Range } from '../similarFollower.ts';

/** Compares a result with what it was found for: the target of the Similar tab, or the question of the Search tab. */
export async function comparePlace(services: Services, place: Range): Promise<void> {
  const { comparison, search, similar, sidebar } = services;
  const known = shownHit(services, place); // the figure of the row, which may have been measured with other parts of the text
  const right = await textAt(services, place);
  if (sidebar().tab === 'search') {
    const { query } = search.view();
    await comparison.show({ label: vscode.l10n.t('Question'), path: 'question.txt', text: query }, right, known);
    return;
  }
  const target = similar.current;
  if (!target) throw new HostError('no-selection');
  const { text } = target.example;
  const left =
    text === undefined ? await textAt(services, target) : { label: labelOf(target), path: target.path, text };
  await comparison.show(left, right, known);
}

/** Compares two places of an answer. `known`: what the answer says of the two, else it is measured. */
export async function comparePlaces(
  services: Services,
  left: Range,
  right: Range,
  known: number | undefined,
): Promise<void> {
  const texts = [await textAt(services, left), await textAt(services, right)] as const;
  await services.comparison.show(...texts, known === undefined ? undefined : { similarity: known });
}

/** The text of a place, named by its path and lines. */
export async function textAt({ opener }: Services, place: Range): Promise<ComparedText> {
  const { document, range } = await opener.find(place);
  return { label: labelOf(place), path: place.path, text: document.getText(range) };
}

/** `src/a.ts:3–5`, `Untitled-1:3` */
export function labelOf({ path, startLine, endLine }: Range): string {
  const shown = path.replace(/^untitled:/, '');
  return startLine === endLine ? `${shown}:${startLine}` : `${shown}:${startLine}–${endLine}`;
}
