// Finds Chromium or Chrome for the UI tests, and installs it where that needs no question.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { CannotGoOn, mustRun } from '../steps.mjs';

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

/** @returns {string | undefined} the executable: CHROMIUM_PATH, else one of the usual places */
export function findChromium() {
  return [process.env.CHROMIUM_PATH, ...(usualPlaces[process.platform] ?? [])].find(
    (file) => file && fs.existsSync(file),
  );
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

/** @param {(text: string) => void} say */
export async function installChromium(say) {
  say('installing chromium from the distribution, about a minute');
  const done = await aptInstall(['chromium']);
  if (!done || !findChromium()) {
    throw new CannotGoOn(
      'The UI tests need Chromium or Chrome: install one (Debian: sudo apt-get install chromium), or set CHROMIUM_PATH to its executable.',
    );
  }
}

/** What a command prints; undefined where it fails or does not exist. */
function output(command, args) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
