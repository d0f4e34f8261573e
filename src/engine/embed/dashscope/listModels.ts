// Stage 3, DashScope: the catalogue as it is shown.
import type { VectorOutput } from '../../model.ts';
import { DASHSCOPE_MODELS } from './catalogue.ts';

/** A row of the catalogue, as the protocol's RemoteModelInfo. */
export interface RemoteModelRow {
  readonly id: string;
  readonly provider: 'dashscope';
  readonly input: 'text' | 'batch' | 'multimodal';
  readonly dimensions: readonly number[];
  readonly defaultDimension: number;
  readonly maxTokens: number;
  readonly languages: readonly string[];
  readonly languageCount: number;
  readonly rowsPerRequest: number;
  readonly pricePer1kTokens: number;
  readonly imagePricePer1kTokens?: number;
  readonly freeTokens: number;
  readonly outputs: readonly VectorOutput[];
  readonly textType: boolean;
  readonly instruct: boolean;
  readonly scores: Readonly<Record<string, number>>;
  readonly newer: boolean;
}

export function listDashScopeModels(): RemoteModelRow[] {
  return DASHSCOPE_MODELS.map((model) => ({
    id: model.id,
    provider: 'dashscope',
    input: model.input,
    dimensions: model.dimensions,
    defaultDimension: model.defaultDimension,
    maxTokens: model.tokensPerRow,
    languages: model.languages,
    languageCount: model.languageCount,
    rowsPerRequest: model.rowsPerRequest,
    pricePer1kTokens: model.pricePer1kTokens,
    ...(model.imagePricePer1kTokens !== undefined && { imagePricePer1kTokens: model.imagePricePer1kTokens }),
    freeTokens: model.freeTokens,
    outputs: model.outputs,
    textType: model.textType,
    instruct: model.instruct,
    scores: model.scores,
    newer: model.newer,
  }));
}
