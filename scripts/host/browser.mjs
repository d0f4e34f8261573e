// Headless Chromium for code-server's workbench, cut off from everything but this machine.
import { chromium } from 'playwright-core';
import { CannotGoOn } from '../steps.mjs';
import { findChromium, isHeaded } from './chromium.mjs';

/** @param {string} home Chromium's HOME, to leave the user's alone */
export function launchBrowser(home) {
  const executablePath = findChromium();
  if (!executablePath) throw new CannotGoOn('No Chromium: run npm test, which installs it, or set CHROMIUM_PATH.');
  return chromium.launch({
    executablePath,
    env: { ...process.env, HOME: home },
    timeout: 60_000,
    headless: !isHeaded(),
    args: [
      '--no-sandbox', // containers and root have none
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Proves that the workbench and the sidebar need no network.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}
