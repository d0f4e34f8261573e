// Stage 2: an image is one chunk, a line that holds the words of its path. Cost: none.
import type { Chunk, SourceDocument } from '../model.ts';

export function imageChunk({ text, hash, image }: SourceDocument): Chunk | undefined {
  return image && { start: 0, end: text.length, startLine: 1, endLine: 1, text, kind: 'image', hash, image };
}
