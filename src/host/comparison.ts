// Two texts side by side in the diff editor, with their similarity in the title. The texts are served as read-only documents.
import * as vscode from 'vscode';
import { similarityText } from '../engine/similarityText.ts';
import type { EngineProcess } from './engineProcess.ts';
import { tell } from './notify.ts';

export const COMPARE_SCHEME = 'vectorscope-compare';

export interface ComparedText {
  /** Names the text: `src/a.ts:10–20`. */
  readonly label: string;
  /** A path whose extension tells the language. */
  readonly path: string;
  readonly text: string;
}

export interface Similarity {
  readonly similarity: number;
  readonly percentile?: number;
}

/** Pairs whose texts are kept, so that their diff editors can be opened again. */
const KEPT = 20;

export class Comparison implements vscode.TextDocumentContentProvider {
  private readonly texts = new Map<string, string>();
  private count = 0;

  /** `permit`: throws when the user does not want the texts to be sent. */
  constructor(
    private readonly engine: Pick<EngineProcess, 'request'>,
    private readonly permit: (texts: readonly string[]) => Promise<void>,
  ) {}

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.query) ?? vscode.l10n.t('This comparison is over. Compare the texts again.');
  }

  /** Shows two texts and says how alike they are: as `known`, else measured now. Rejects with the engine's errors. */
  async show(left: ComparedText, right: ComparedText, known?: Similarity): Promise<Similarity> {
    if (!known) await this.permit([left.text, right.text]);
    const result = known ?? (await this.engine.request('compare', { a: left.text, b: right.text }));
    const similarity = similarityText(result.similarity);
    const title = vscode.l10n.t('{0} ↔ {1} (similarity {2})', left.label, right.label, similarity);
    await vscode.commands.executeCommand('vscode.diff', this.serve(left), this.serve(right), title, { preview: true });
    tell(
      result.percentile === undefined
        ? vscode.l10n.t('Similarity {0}', similarity)
        : vscode.l10n.t(
            'Similarity {0}: nearer than {1} % of random pairs in this workspace',
            similarity,
            Math.min(99.9, Math.floor(result.percentile * 10) / 10).toFixed(1), // as the rows say it
          ),
    );
    return result;
  }

  private serve({ path, text }: ComparedText): vscode.Uri {
    const key = `${++this.count}`;
    this.texts.set(key, text);
    const oldest = this.texts.keys().next();
    if (this.texts.size > 2 * KEPT && !oldest.done) this.texts.delete(oldest.value);
    return vscode.Uri.from({ scheme: COMPARE_SCHEME, path: `/${path.replace(/^[\w-]+:/, '')}`, query: key });
  }
}
