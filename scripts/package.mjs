// npm run package [-- --target linux-arm64]: all the set-up, a production build, and out/vectorscope-<target>.vsix.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildStamp, prepare } from './setup.mjs';
import { endOnSignals, mustRun, runMain, step } from './steps.mjs';

/** Named as `vsce --target` names platforms; each package carries the native runtime of one. */
export const ownTarget = `${process.platform}-${process.arch}`;

/** Makes the .vsix of one platform from the sources as they are. Leaves a production build in dist/. */
export async function packageExtension(target = ownTarget) {
  const file = `out/vectorscope-${target}.vsix`;
  await step('Package', async (say) => {
    say('production build, then vsce package, about half a minute');
    fs.rmSync(buildStamp, { force: true }); // dist/ will not be what the next command wants
    fs.rmSync(file, { force: true });
    fs.mkdirSync('out', { recursive: true });
    const build = ['esbuild.mjs', '--production', `--target=${target}`];
    await mustRun(process.execPath, build, 'Correct what the build complains about above.');
    const vsce = ['node_modules/@vscode/vsce/vsce', 'package', '--no-dependencies', '--allow-missing-repository'];
    await mustRun(
      process.execPath,
      [...vsce, '--target', target, '--out', file],
      'Correct what vsce complains about above.',
    );
    return `${file} (${(fs.statSync(file).size / 1e6).toFixed(1)} MB)`;
  });
}

if (path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await runMain(async (args) => {
    endOnSignals();
    const { values } = parseArgs({ args, options: { target: { type: 'string', default: ownTarget } } });
    await prepare();
    await packageExtension(values.target);
  });
}
