// npm run package [-- --target linux-arm64]: all the set-up, a production build, and out/vectorscope-<target>.vsix.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildStamp, prepare } from './setup.mjs';
import { endOnSignals, mustRun, runMain, step } from './steps.mjs';

/** Named as `vsce --target` names platforms; each package carries the native runtime of one. */
export const ownTarget = `${process.platform}-${process.arch}`;

/** The folder that becomes the package. */
const staging = 'out/package';

/** Makes the .vsix of one platform from the sources as they are. Leaves a production build in dist/. */
export async function packageExtension(target = ownTarget) {
  const file = `out/vectorscope-${target}.vsix`;
  await step('Package', async (say) => {
    say('production build, then vsce package, about half a minute');
    fs.rmSync(buildStamp, { force: true }); // dist/ will not be what the next command wants
    for (const old of ['dist', staging, file]) fs.rmSync(old, { recursive: true, force: true });
    const build = ['esbuild.mjs', '--production', `--target=${target}`];
    await mustRun(process.execPath, build, 'Correct what the build complains about above.');
    const cure = 'Correct what vsce complains about above.';
    const vsce = path.resolve('node_modules/@vscode/vsce/vsce');
    const files = await mustRun(process.execPath, [vsce, 'ls', '--no-dependencies'], cure);
    stage(files.split('\n').map((line) => line.trim()));
    const flags = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
    const output = ['--target', target, '--out', path.resolve(file)];
    await mustRun(process.execPath, [vsce, 'package', ...flags, ...output], cure, { cwd: staging });
    fs.rmSync(staging, { recursive: true });
    return `${file} (${(fs.statSync(file).size / 1e6).toFixed(1)} MB)`;
  });
}

/** Copies the files that .vscodeignore lets through, less what means nothing outside this repository. */
function stage(files) {
  for (const file of files) {
    fs.mkdirSync(path.dirname(path.join(staging, file)), { recursive: true });
    fs.copyFileSync(file, path.join(staging, file));
  }
  const {
    scripts: _scripts,
    devDependencies: _devDependencies,
    ...manifest
  } = JSON.parse(fs.readFileSync('package.json', 'utf8'));
  fs.writeFileSync(path.join(staging, 'package.json'), JSON.stringify(manifest, null, 2));
  for (const file of ['README.md', 'CHANGELOG.md']) {
    fs.writeFileSync(path.join(staging, file), withoutRelativeLinks(fs.readFileSync(file, 'utf8')));
  }
}

/** VS Code shows pictures and follows links of an installed extension only where they are absolute. */
function withoutRelativeLinks(markdown) {
  const relative = '\\((?!https?:|#)[^)]*\\)';
  const picture = new RegExp(`!\\[[^\\]]*\\]${relative}`);
  const paragraphs = markdown.split(/\n{2,}/).filter((paragraph) => !picture.test(paragraph));
  return paragraphs.join('\n\n').replace(new RegExp(`\\[([^\\]]*)\\]${relative}`, 'g'), '$1');
}

if (path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await runMain(async (args) => {
    endOnSignals();
    const { values } = parseArgs({ args, options: { target: { type: 'string', default: ownTarget } } });
    await prepare();
    await packageExtension(values.target);
  });
}
