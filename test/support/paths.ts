// Where things lie when suites run (npm runs them from the repository's root).
import path from 'node:path';

export const repoFolder = process.cwd();
export const distFolder = path.join(repoFolder, 'dist');
export const modelsFolder = path.join(repoFolder, 'media', 'models');
export const fixturesFolder = path.join(repoFolder, 'test', 'fixtures');
/** Public data for quality and speed; absent outside this workplace, so tests that need it skip with a message. */
export const sharedDataFolder = path.resolve(repoFolder, '..', 'shared', 'data');
