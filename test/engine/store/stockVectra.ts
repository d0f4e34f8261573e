// The real package, not what esbuild bundles in its place.
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as Vectra from 'vectra';
import { repoFolder } from '../../support/paths.ts';

export function stockVectra(): typeof Vectra {
  const name = 'vectra';
  return createRequire(path.join(repoFolder, 'package.json'))(name) as typeof Vectra;
}
