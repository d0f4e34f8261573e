// Multimodal embedding: contents of texts, images and videos in one space. Images are checked by their bytes; a video is known by
// its address alone, whose words make its vector.
import { randomUUID } from 'node:crypto';
import { countTokens, firstTokens } from '../countedTokens.ts';
import { field } from '../loopbackServer.ts';
import { meaningVector, textFeatures } from '../meaningVectors.ts';
import type { AnswerRow } from './answers.ts';
import { imageFeatures, imageFormat, imageWords } from './images.ts';
import { downloadFromLoopback, isWebAddress } from './loopbackDownload.ts';
import { MAX_IMAGE_BYTES, type EmulatedModel } from './models.ts';
import { refusals } from './refusals.ts';
import { checkContent, checkedTokens, dimensionOf, parametersOf } from './textRequests.ts';

type ContentType = 'text' | 'image' | 'video' | 'multi_images';
const TYPES: readonly ContentType[] = ['text', 'image', 'video', 'multi_images'];

interface Content {
  readonly type: ContentType;
  readonly text: string;
  readonly images: readonly string[];
}

/** A multimodal request that has passed the checks, its images decoded. */
export interface MediaOrder {
  readonly model: EmulatedModel;
  readonly dimension: number;
  readonly contents: readonly {
    readonly type: ContentType;
    readonly text: string;
    readonly images: readonly Buffer[];
  }[];
  readonly fused: boolean;
  readonly tokens: number;
}

export async function mediaOrder(model: EmulatedModel, body: unknown, rowsLimit: number): Promise<MediaOrder> {
  const contents = contentsOf(body);
  const rows = Math.min(model.rows, rowsLimit);
  if (contents.length > rows) throw refusals.tooManyRows(rows);
  checkMedia(model, contents);
  const texts = contents.filter(({ type }) => type === 'text').map(({ text }) => text);
  const tokens = checkedTokens(model, texts);
  const parameters = parametersOf(body);
  const dimension = dimensionOf(model, field(parameters, 'dimension'));
  const fused = fusionOf(model, field(parameters, 'enable_fusion'));
  checkFps(field(parameters, 'fps'));
  const output = field(parameters, 'output_type') ?? 'dense';
  if (output !== 'dense') throw refusals.parameter('output_type is invalid, it should be dense');
  const decoded = await Promise.all(
    contents.map(async (content) => ({ ...content, images: await Promise.all(content.images.map(imageBytes)) })),
  );
  checkContent([...texts, ...decoded.flatMap(({ images }) => images.map(imageWords))]);
  return { model, dimension, contents: decoded, fused, tokens };
}

function contentsOf(body: unknown): Content[] {
  const contents = field(field(body, 'input'), 'contents');
  if (contents === undefined) throw refusals.noInput();
  if (!Array.isArray(contents)) throw refusals.contents('contents is not a list');
  if (contents.length === 0) throw refusals.noInput();
  return contents.map(contentOf);
}

function contentOf(content: unknown): Content {
  const types = TYPES.filter((type) => field(content, type) !== undefined);
  const [type] = types;
  if (!type || types.length > 1) throw refusals.contents('a content should be one of text, image, video, multi_images');
  const value = field(content, type);
  if (type === 'multi_images') {
    if (!Array.isArray(value) || value.length === 0 || !value.every((each) => typeof each === 'string')) {
      throw refusals.contents('multi_images is not a list of str');
    }
    return { type, text: '', images: value };
  }
  if (typeof value !== 'string') throw refusals.contents(`${type} is not a str`);
  return type === 'image' ? { type, text: '', images: [value] } : { type, text: value, images: [] };
}

function checkMedia(model: EmulatedModel, contents: readonly Content[]): void {
  const { images = 0, videos = 0 } = model.media ?? {};
  if (contents.flatMap((content) => content.images).length > images) {
    throw refusals.contents(`the number of images is invalid, it should not be larger than ${images}`);
  }
  const films = contents.filter(({ type }) => type === 'video');
  if (films.length > videos) {
    throw refusals.contents(`the number of videos is invalid, it should not be larger than ${videos}`);
  }
  if (model.name === 'multimodal-embedding-v1' && contents.some(({ type }) => type === 'multi_images')) {
    throw refusals.contents('multi_images is not supported by this model');
  }
  if (!films.every(({ text }) => isWebAddress(text))) throw refusals.url(); // no base64 for videos
}

function fusionOf(model: EmulatedModel, asked: unknown): boolean {
  if (asked !== undefined && typeof asked !== 'boolean') throw refusals.parameter('enable_fusion is not a bool');
  if (asked && model.media?.fusion === 'never')
    throw refusals.parameter('enable_fusion is not supported by this model');
  return model.media?.fusion === 'always' || asked === true;
}

function checkFps(fps: unknown): void {
  if (fps !== undefined && (typeof fps !== 'number' || fps < 0 || fps > 1)) {
    throw refusals.parameter('fps is invalid, it should be in [0, 1]');
  }
}

async function imageBytes(source: string): Promise<Buffer> {
  const bytes = source.startsWith('data:')
    ? decodeDataUrl(source)
    : await downloadFromLoopback(source, MAX_IMAGE_BYTES);
  if (bytes.length > MAX_IMAGE_BYTES) throw refusals.file('Size', 'The image size should be less than 3MB.');
  if (!imageFormat(bytes)) throw refusals.file('Format', 'The image format should be one of JPG, PNG, BMP.');
  return bytes;
}

function decodeDataUrl(source: string): Buffer {
  const match = /^data:image\/[a-z.+-]+;base64,([A-Za-z0-9+/]+={0,2})$/i.exec(source);
  if (!match || match[1]!.length % 4 !== 0) throw refusals.file('Content', 'The image is no base64 data URL.');
  return Buffer.from(match[1]!, 'base64');
}

export function mediaRows(order: MediaOrder): AnswerRow[] {
  const parts = order.contents.map((content) => ({ ...content, ...meaningOf(content, order.model) }));
  const rules = { space: order.model.name, dimension: order.dimension };
  if (!order.fused) {
    return parts.map(({ type, features, identity }, index) => ({
      index,
      vector: meaningVector(features, identity, rules),
      type,
    }));
  }
  const together = new Map<string, number>();
  for (const { features } of parts) {
    for (const [feature, weight] of features) together.set(feature, (together.get(feature) ?? 0) + weight);
  }
  const vector = meaningVector(together, parts.map(({ identity }) => identity).join('\0'), rules);
  return [{ index: 0, vector, type: order.model.media?.fusion === 'always' ? 'fused' : 'fusion' }];
}

function meaningOf(
  { text, images }: MediaOrder['contents'][number],
  model: EmulatedModel,
): { features: Map<string, number>; identity: string } {
  const read = firstTokens(text, model.tokensPerRow);
  const features = textFeatures(read);
  for (const bytes of images) {
    for (const [feature, weight] of imageFeatures(bytes)) features.set(feature, (features.get(feature) ?? 0) + weight);
  }
  return { features, identity: `${read}${images.map((bytes) => bytes.toString('latin1')).join('\0')}` };
}

/** An image counts as so many tokens. */
const IMAGE_TOKENS = 96;

export function mediaAnswer(rows: readonly AnswerRow[], order: MediaOrder): unknown {
  const embeddings = rows.map(({ index, vector, type }) => ({ index, embedding: vector, type }));
  return { output: { embeddings }, usage: mediaUsage(order), request_id: randomUUID() };
}

function mediaUsage({ model, contents, tokens }: MediaOrder): unknown {
  const images = contents.flatMap((content) => content.images).length;
  const imageTokens = images * IMAGE_TOKENS;
  if (model.usage === 'counts') return { input_tokens: tokens, image_count: images, duration: 0 };
  const usage = { input_tokens: tokens, image_tokens: imageTokens, total_tokens: tokens + imageTokens };
  if (model.usage !== 'details') return usage;
  const videoTokens = contents
    .filter(({ type }) => type === 'video')
    .reduce((sum, { text }) => sum + countTokens(text), 0);
  return {
    ...usage,
    input_tokens_details: { image_tokens: imageTokens, text_tokens: tokens, video_tokens: videoTokens },
    output_tokens: 1,
  };
}
