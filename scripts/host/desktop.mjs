// Finds a desktop VS Code that can be started here. VSCODE_EXECUTABLE_PATH names one; VSCODE_HOST=code-server wants none,
// VSCODE_HOST=desktop no other.
import fs from 'node:fs';
import path from 'node:path';
import { CannotGoOn } from '../steps.mjs';

/**
 * @typedef {object} Desktop
 * @property {string} executable the program itself, not its `code` script: what it starts ends with it
 * @property {string | undefined} version undefined where the installation does not tell
 */

/**
 * @param {{ needsDisplay: boolean }} options whether it must show a window here and now
 * @returns {Desktop | undefined}
 */
export function findDesktop({ needsDisplay }) {
  const wanted = process.env.VSCODE_HOST;
  if (wanted && wanted !== 'desktop' && wanted !== 'code-server') {
    throw new CannotGoOn(`VSCODE_HOST is "${wanted}": set it to desktop or code-server, or to nothing.`);
  }
  if (wanted === 'code-server') return undefined;
  const found = locate();
  const trouble = found ? unfit(found, needsDisplay) : 'no desktop VS Code was found';
  if (!trouble) return found;
  if (wanted === 'desktop' || (found && process.env.VSCODE_EXECUTABLE_PATH)) {
    throw new CannotGoOn(`${capital(trouble)}. Cure that, or set VSCODE_HOST=code-server.`);
  }
  if (found) console.log(`  ${found.executable} is not used: ${trouble}`);
  return undefined;
}

function locate() {
  const named = process.env.VSCODE_EXECUTABLE_PATH;
  if (named && !fs.existsSync(named)) {
    throw new CannotGoOn(`VSCODE_EXECUTABLE_PATH is ${named}, which does not exist: correct or unset it.`);
  }
  const executable = named
    ? (programOf(named) ?? named)
    : [...onPath(), ...usualPlaces()].find((file) => fs.existsSync(file));
  return executable && { executable, version: versionOf(executable) };
}

function unfit({ version }, needsDisplay) {
  const least = JSON.parse(fs.readFileSync('package.json', 'utf8')).engines.vscode.replace('^', '');
  if (version && version.localeCompare(least, 'en', { numeric: true }) < 0) {
    return `it is VS Code ${version}, and Vectorscope needs ${least} or newer`;
  }
  const windows = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (needsDisplay && !windows) return 'there is no display to open a window on';
  return undefined;
}

function onPath() {
  const names = process.platform === 'win32' ? ['code.cmd', 'code-insiders.cmd'] : ['code', 'code-insiders'];
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .filter((file) => fs.existsSync(file))
    .map(programOf)
    .filter((file) => file !== undefined);
}

/** <root>/bin/code is a script that starts <root>/code (Code.exe), or on macOS what lies in Contents/MacOS. */
function programOf(script) {
  const real = fs.realpathSync(script);
  const [folder, name] = [path.dirname(real), path.basename(real, '.cmd')];
  if (path.basename(folder) !== 'bin') return undefined;
  const contents = path.resolve(folder, '../../..');
  const candidates = {
    darwin: ['Code', 'Code - Insiders', 'Electron'].map((program) => path.join(contents, 'MacOS', program)),
    win32: ['Code.exe', 'Code - Insiders.exe'].map((program) => path.join(folder, '..', program)),
  };
  return (candidates[process.platform] ?? [path.join(folder, '..', name)]).find((file) => fs.existsSync(file));
}

function usualPlaces() {
  const { LOCALAPPDATA = '', PROGRAMFILES = '', HOME = '' } = process.env;
  if (process.platform === 'win32') {
    return [
      path.join(LOCALAPPDATA, 'Programs/Microsoft VS Code/Code.exe'),
      path.join(PROGRAMFILES, 'Microsoft VS Code/Code.exe'),
    ];
  }
  if (process.platform === 'darwin') {
    return ['/Applications', path.join(HOME, 'Applications')].flatMap((root) =>
      ['Code', 'Electron'].map((program) => path.join(root, 'Visual Studio Code.app/Contents/MacOS', program)),
    );
  }
  return ['/usr/share/code/code', '/opt/visual-studio-code/code', '/snap/code/current/usr/share/code/code'];
}

function versionOf(executable) {
  const resources = process.platform === 'darwin' ? '../Resources' : 'resources';
  try {
    return JSON.parse(fs.readFileSync(path.join(path.dirname(executable), resources, 'app/package.json'), 'utf8'))
      .version;
  } catch {
    return undefined; // some installations keep it elsewhere
  }
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}
