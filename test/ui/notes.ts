// Notes that take a while to embed, so that a run can be watched.

const SUBJECTS = ['The parcel', 'Our invoice', 'A broken lamp', 'The night train', 'Her garden', 'The old server'];
const VERBS = ['arrived', 'was counted', 'got lost', 'needs repair', 'grew', 'was painted'];
const PLACES = ['in the harbour', 'behind the kitchen', 'at the border', 'on the roof', 'near the mill', 'in town'];

/** `count` notes of about 150 words, no two alike: `note-000.md` and so on. `times`: so many times as long. */
export function notes(count: number, times = 1): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [noteName(i), note(i, 20 * times)]));
}

export function noteName(i: number): string {
  return `note-${String(i).padStart(3, '0')}.md`;
}

function note(i: number, length: number): string {
  const sentences = Array.from({ length }, (_, j) => {
    const pick = (words: readonly string[], step: number): string =>
      words[(i * step + j * (step + 1)) % words.length] ?? '';
    return `${pick(SUBJECTS, 1)} ${pick(VERBS, 3)} ${pick(PLACES, 5)} for the ${i * length + j}th time.`;
  });
  return `# Note ${i}\n\n${sentences.join(' ')}\n`;
}
