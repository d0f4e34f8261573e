// esbuild: `import bytes from './x.wat'` gives the module's binary as a Uint8Array, compiled by WABT (the reference tools).
import fs from 'node:fs/promises';
import path from 'node:path';
import initWabt from 'wabt';

/** @type {import('esbuild').Plugin} */
export const watPlugin = {
  name: 'wat',
  setup(build) {
    build.onLoad({ filter: /\.wat$/ }, async ({ path: file }) => {
      const wabt = await initWabt();
      const module = wabt.parseWat(path.basename(file), await fs.readFile(file, 'utf8'), { simd: true });
      try {
        module.validate();
        return { contents: module.toBinary({}).buffer, loader: 'binary' };
      } catch (error) {
        return { errors: [{ text: String(error) }] };
      } finally {
        module.destroy();
      }
    });
  },
};
