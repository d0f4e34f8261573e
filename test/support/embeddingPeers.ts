// What others run to embed locally, over the same weights and without a network: transformers.js text by text, and vectra's
// LocalEmbeddings as it ships (32-bit weights, texts cut at 512 tokens).
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { writeFp32Model } from './fp32Model.ts';
import { modelsFolder, repoFolder } from './paths.ts';

/** Embeds all texts, as this way of embedding does it. */
export interface Contender {
  readonly name: string;
  readonly embed: (texts: readonly string[]) => Promise<unknown>;
}

type Extractor = (text: string, options: object) => Promise<unknown>;
interface Transformers {
  readonly env: { localModelPath: string; allowRemoteModels: boolean };
  pipeline(task: string, model: string, options: object): Promise<Extractor>;
}
interface Vectra {
  readonly LocalEmbeddings: new () => {
    createEmbeddings(texts: readonly string[]): Promise<{ status: string; message?: string }>;
  };
}

const hubFolder = path.join(repoFolder, 'out', 'bench', 'hub');

/** Loads them; each starts its model with its first text. */
export async function embeddingPeers(): Promise<Contender[]> {
  writeHubModel('minilm-256', 256);
  writeHubModel('Xenova/all-MiniLM-L6-v2', 512);
  const fp32 = path.join(hubFolder, 'Xenova/all-MiniLM-L6-v2/onnx/model.onnx');
  if (!fs.existsSync(fp32)) writeFp32Model(path.join(modelsFolder, 'minilm', 'model.onnx'), fp32);

  const require = createRequire(path.join(repoFolder, 'package.json'));
  const transformers = require('@huggingface/transformers') as Transformers;
  transformers.env.localModelPath = hubFolder;
  transformers.env.allowRemoteModels = false;
  const textByText = async (tokens: number, model: string): Promise<Contender> => {
    const extract = await transformers.pipeline('feature-extraction', model, { dtype: 'q8' });
    return {
      name: `transformers.js, 8 bits, ${tokens} tokens, text by text`,
      embed: async (texts) => {
        for (const text of texts) await extract(text, { pooling: 'mean', normalize: true });
      },
    };
  };
  const vectra = new (require('vectra') as Vectra).LocalEmbeddings();
  return [
    await textByText(256, 'minilm-256'),
    await textByText(512, 'Xenova/all-MiniLM-L6-v2'),
    {
      name: 'vectra LocalEmbeddings as shipped (32 bits, 512 tokens)',
      embed: async (texts) => {
        const { status, message } = await vectra.createEmbeddings(texts);
        if (status !== 'success') throw new Error(`vectra: ${message ?? status}`);
      },
    },
  ];
}

/** Model folders as a hub lays them out, cutting texts at `maxTokens`. */
function writeHubModel(name: string, maxTokens: number): void {
  const folder = path.join(hubFolder, name);
  fs.mkdirSync(path.join(folder, 'onnx'), { recursive: true });
  const minilm = (file: string): string => path.join(modelsFolder, 'minilm', file);
  fs.copyFileSync(minilm('tokenizer.json'), path.join(folder, 'tokenizer.json'));
  fs.copyFileSync(minilm('model.onnx'), path.join(folder, 'onnx', 'model_quantized.onnx'));
  const tokenizer = { tokenizer_class: 'BertTokenizer', model_max_length: maxTokens, do_lower_case: true };
  fs.writeFileSync(path.join(folder, 'tokenizer_config.json'), JSON.stringify(tokenizer));
  const config = { model_type: 'bert', architectures: ['BertModel'], hidden_size: 384 };
  fs.writeFileSync(path.join(folder, 'config.json'), JSON.stringify(config));
}
