import path from 'node:path';
import { repoFolder } from './paths.ts';

/** The package of this platform, as scripts/package.mjs makes it. */
export const vsixFile = path.join(repoFolder, 'out', `vectorscope-${process.platform}-${process.arch}.vsix`);
