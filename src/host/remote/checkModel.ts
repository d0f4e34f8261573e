// Whether the settings of provider, model and dimension go together. No `vscode` here. Names that the catalogues don't hold are
// let through: the service, or the engine, knows better.
import { DASHSCOPE_MODELS, findDashScopeModel } from '../../engine/embed/dashscope/catalogue.ts';
import local from '../../engine/embed/local/models.json';
import type { Settings } from '../settings.ts';
import { modelOf } from './endpoint.ts';

export interface Misfit {
  readonly setting: 'model' | 'dimension';
  readonly value: string | number;
  readonly allowed: string;
}

const LOCAL_IDS: readonly string[] = ['bilingual', ...Object.keys(local.models)];

export function checkModel({
  provider,
  model,
  dimension,
}: Pick<Settings, 'provider' | 'model' | 'dimension'>): Misfit | undefined {
  const known = findDashScopeModel(modelOf({ provider, model }));
  if (provider === 'local' && known) {
    return { setting: 'model', value: model, allowed: `auto, ${LOCAL_IDS.join(', ')} (vectorscope.provider: local)` };
  }
  if (provider === 'dashscope' && LOCAL_IDS.includes(model)) {
    const allowed = `auto, ${DASHSCOPE_MODELS.map(({ id }) => id).join(', ')}`;
    return { setting: 'model', value: model, allowed: `${allowed} (vectorscope.provider: dashscope)` };
  }
  if (provider === 'dashscope' && known && dimension !== null && !known.dimensions.includes(dimension)) {
    return { setting: 'dimension', value: dimension, allowed: `null, ${known.dimensions.join(', ')} (${known.id})` };
  }
  return undefined;
}
