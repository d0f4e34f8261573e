import { hasMeaning } from '../meaning.ts';
import { HostError } from '../problems.ts';
import type { Services } from '../services.ts';
import { requireEditor, selectedPiece, targetOf } from '../textPieces.ts';

/** Shows the relatives of the selected text; with nothing selected, of the symbol or file that the cursor is in. */
export async function findSimilarToSelection({
  similar,
  cursor,
  sidebar,
  paths,
  sending,
  stepping,
}: Services): Promise<void> {
  const selected = selectedPiece(requireEditor(), paths());
  if (selected && !hasMeaning(selected.text)) throw new HostError('too-short');
  const target = selected ? targetOf(selected, 'selection') : await cursor.look();
  if ('empty' in target) throw new HostError(target.empty === 'too-short' ? 'too-short' : 'no-selection');
  if (target.example.text !== undefined) await sending.permit({ texts: [target.example.text] });
  await sidebar().reveal('similar', false);
  stepping(true);
  await similar.show(target);
}
