// Finds Chromium or Chrome for the UI tests, and installs it where that needs no question. Best is Chromium's headless shell:
// the same engine without the browser's own windows, in which the UI tests take half the time.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { CannotGoOn, mustRun } from '../steps.mjs';

const headlessShell = 'chromium-headless-shell'; // Debian's package and its executable

const usualPlaces = {
  linux: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map((name) => `/usr/bin/${name}`),
  darwin: ['Google Chrome', 'Chromium'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`),
  win32: [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
    .filter(Boolean)
    .flatMap((root) =>
      ['Google/Chrome/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe'].map((file) =>
        path.join(root, file),
      ),
    ),
};

/** @returns {string | undefined} the executable: CHROMIUM_PATH, else the headless shell, else one of the usual places */
export function findChromium() {
  const shell = isHeaded() || process.platform !== 'linux' ? undefined : `/usr/bin/${headlessShell}`;
  const places = [process.env.CHROMIUM_PATH, shell, ...(usualPlaces[process.platform] ?? [])];
  return places.find((file) => file && fs.existsSync(file));
}

/** @returns {boolean} whether `installChromium` could find a better one: as root, which is in containers and on build servers */
export function isImprovable() {
  const given = process.env.CHROMIUM_PATH !== undefined || isHeaded();
  return !given && process.getuid?.() === 0 && path.basename(findChromium() ?? '') !== headlessShell;
}

/** @returns {boolean} whether the browser's window is to be seen */
export function isHeaded() {
  return process.env.HEADED === '1';
}

/** Chinese screenshots show boxes without such a font. */
export function hasChineseFont() {
  if (process.platform !== 'linux') return true;
  const fonts = output('fc-list', [':lang=zh-cn', 'family']);
  return fonts !== undefined && fonts !== '';
}

/**
 * Installs Debian packages as root, or by sudo where it asks no password.
 * @returns {Promise<boolean>} false where this machine allows neither
 */
export async function aptInstall(packages) {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n', 'env'];
  if (output('apt-get', ['--version']) === undefined) return false;
  if (sudo.length > 0 && output('sudo', ['-n', 'true']) === undefined) return false;
  const apt = (...args) => {
    const command = [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', ...args];
    return mustRun(command[0], command.slice(1), `Install by hand: apt-get install ${packages.join(' ')}`);
  };
  await apt('update');
  await apt('install', '-y', '--no-install-recommends', ...packages);
  return true;
}

/**
 * Installs the headless shell or, where the distribution has none, Chromium. Where there is a Chromium already, only the
 * headless shell and only as root, and it does not matter when that fails.
 * @param {(text: string) => void} say
 */
export async function installChromium(say) {
  const names = isHeaded() ? ['chromium'] : [headlessShell, 'chromium'];
  let reason = 'there is no apt-get, or sudo asks for a password';
  for (const name of names) {
    say(`installing ${name} from the distribution, about a minute`);
    try {
      await aptInstall([name]);
    } catch (error) {
      reason = error.message;
    }
    if (findChromium()) return;
  }
  throw new CannotGoOn(
    `The UI tests need Chromium or Chrome: install one (Debian: sudo apt-get install chromium-headless-shell), or set CHROMIUM_PATH to its executable. Installing it failed: ${reason}`,
  );
}

/** What a command prints; undefined where it fails or does not exist. */
function output(command, args) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
