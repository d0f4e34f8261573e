// The licences of everything that the bundles and the copied assets hold, as one text that ships. A package without a licence
// stops the build: it must not ship.
import fs from 'node:fs';
import path from 'node:path';

/** Packages whose files are copied beside the bundles. */
const copied = ['@vscode/tree-sitter-wasm', '@vscode/codicons', 'onnxruntime-node', 'onnxruntime-web'];

/** @param {readonly import('esbuild').Metafile[]} metafiles of all bundles that ship */
export function writeNotices(metafiles, file) {
  const inputs = metafiles.flatMap((metafile) =>
    Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs)),
  );
  const folders = new Set([...inputs.map(packageFolder), ...copied.map((name) => `node_modules/${name}`)]);
  folders.delete(undefined);
  const texts = [...new Set([...folders].sort().map(notice))];
  const heading =
    'Vectorscope ships the following packages. The models and their licences are in media/model-licences.\n';
  fs.writeFileSync(file, [heading, ...texts, grammars()].join(`\n${'-'.repeat(100)}\n\n`));
}

/** The folder of the package that a bundled file belongs to; undefined for our own files. */
function packageFolder(input) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
}

function notice(folder) {
  const { name, version, license, author } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const files = fs.readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  if (typeof license !== 'string' && files.length === 0) throw new Error(`${name} names no licence: it must not ship.`);
  const by = typeof author === 'string' ? author : author?.name;
  const text = files.sort().map((file) => fs.readFileSync(path.join(folder, file), 'utf8').trim());
  const told = text.length > 0 ? text.join('\n\n') : `${by ? `Copyright (c) ${by}\n` : ''}Licensed under ${license}.`;
  return `${name} ${version} (${license ?? 'see below'})\n\n${told}\n`;
}

/** @vscode/tree-sitter-wasm carries only its own licence; the grammars compiled into it are MIT throughout. */
function grammars() {
  const names = fs.readdirSync('dist/grammars').map((file) => path.basename(file, '.wasm'));
  return `Grammars of the tree-sitter project, as compiled in @vscode/tree-sitter-wasm, each under the MIT licence:\n\n${names.sort().join('\n')}\n`;
}
