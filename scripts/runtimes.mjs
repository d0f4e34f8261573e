// Puts ONNX Runtime into dist/runtime: its JavaScript bundled, and of its binaries only what a CPU needs on one platform
// (`--target=linux-arm64` as vsce names it, else the machine's own). The WebAssembly build goes into every package: it runs where
// no native one loads. Nothing of it is in the other bundles: an inference child loads it by path.
import fs from 'node:fs';
import path from 'node:path';

const out = 'dist/runtime';
const argument = process.argv.find((each) => each.startsWith('--target='));
const [platform = '', arch = ''] = (argument?.slice('--target='.length) ?? `${process.platform}-${process.arch}`).split(
  '-',
);
const nativeFolder = path.join('node_modules/onnxruntime-node/bin/napi-v6', platform, arch);

/** Absent for some platforms (Intel Macs, Alpine): these get WebAssembly alone. */
const hasNative = fs.existsSync(nativeFolder);

/** GPU providers, DirectML and its shader compiler, and a versioned copy of the same dylib. */
const NOT_FOR_CPU = /providers|DirectML|^dx(compiler|il)\.dll$|^libonnxruntime\.\d+\.\d+\.\d+\.dylib$/;

const binaries = [
  ...(hasNative ? fs.readdirSync(nativeFolder) : [])
    .filter((file) => !NOT_FOR_CPU.test(file))
    .map((file) => path.join(nativeFolder, file)),
  'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.mjs',
  'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm',
];

/** onnxruntime-node looks for its binding below its own package; here it lies beside the bundle. */
const bindingBeside = {
  name: 'binding-beside',
  setup(build) {
    build.onLoad({ filter: /onnxruntime-node[\\/]dist[\\/]binding\.js$/ }, async ({ path: file }) => {
      const code = await fs.promises.readFile(file, 'utf8');
      const beside = code.replace(
        /require\(`[^`]*onnxruntime_binding\.node`\)/,
        "require('./onnxruntime_binding.node')",
      );
      if (beside === code)
        throw new Error('onnxruntime-node loads its binding in another way now: see scripts/runtimes.mjs');
      return { contents: beside, loader: 'js' };
    });
    build.onResolve({ filter: /\.node$/ }, ({ path: file }) => ({ path: file, external: true }));
  },
};

/** Build options of the two runtimes' JavaScript, from the options that all Node bundles share. */
export function runtimeBuilds(node) {
  const shared = { ...node, outdir: out, external: [], plugins: [bindingBeside], sourcemap: false, minify: true };
  const names = [...(hasNative ? ['onnxruntime-node'] : []), 'onnxruntime-web'];
  return names.map((name) => ({ ...shared, entryPoints: { [name]: `./node_modules/${name}` } }));
}

/** Copies the binaries that changed, and removes what another target left. */
export function copyRuntimes() {
  fs.mkdirSync(out, { recursive: true });
  const wanted = new Set(binaries.map((file) => path.basename(file)));
  for (const file of fs.readdirSync(out)) {
    const own = wanted.has(file) || file === 'onnxruntime-web.js' || (hasNative && file === 'onnxruntime-node.js');
    if (!own) fs.rmSync(path.join(out, file));
  }
  for (const file of binaries) {
    const target = path.join(out, path.basename(file));
    const { size, mtimeMs } = fs.statSync(file);
    const there = fs.statSync(target, { throwIfNoEntry: false });
    if (there?.size !== size || there.mtimeMs < mtimeMs) fs.copyFileSync(file, target);
  }
}
