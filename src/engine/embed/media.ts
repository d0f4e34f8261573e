// Stage 3, contract: rows that are no text. Invariant: bytes are read when they are sent, not before, so that many large images
// in a queue take no memory. Cost: one read of the file a request that holds it.
import { EngineError } from '../errors.ts';
import type { EmbedInput, MediaInput } from '../model.ts';

export function isMedia(input: EmbedInput): input is MediaInput {
  return typeof input !== 'string';
}

/** For models that read text alone. Throws `not-supported`. */
export function textsOnly(inputs: readonly EmbedInput[], model: string): readonly string[] {
  return inputs.map((input) => {
    if (isMedia(input)) throw new EngineError('not-supported', { model, feature: input.media });
    return input;
  });
}

const IMAGE_NAME = /\.(?:jpe?g|png|bmp)$/i;
const VIDEO_NAME = /\.(?:mp4|mov|avi|mkv|webm|flv|wmv|mpe?g)$/i;

/** A text that is nothing but the web address of an image or a video, by the address's extension, as what it leads to. */
export function mediaAt(text: string): MediaInput | undefined {
  const address = text.trim();
  if (/\s/.test(address) || !/^https?:\/\//i.test(address) || !URL.canParse(address)) return undefined;
  const { pathname } = new URL(address);
  const media = IMAGE_NAME.test(pathname) ? 'image' : VIDEO_NAME.test(pathname) ? 'video' : undefined;
  return media && { media, bytes: 0, url: () => Promise.resolve(address) };
}
