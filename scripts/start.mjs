// npm start [-- folder]: all the set-up, then Vectorscope on a folder, in desktop VS Code or in code-server.
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cleanEnvironment, sleep, startServer, workbenchUrl } from './host/workbench.mjs';
import { build, prepare, prepareEditor } from './setup.mjs';
import { CannotGoOn, endOnSignals, killTree, mustRun, ownGroup, runMain, step } from './steps.mjs';

const help = `npm start [-- folder] [--no-browser]

Sets up what is missing and opens Vectorscope on the folder, or on a copy of media/example in .vscode-test/example.
Uses desktop VS Code with a profile of its own, else code-server, which only this machine can reach, in the browser.
Every folder opened this way is trusted. The profile, and with it the index, is kept in .vscode-test/profile.

  --no-browser                            print the address, open no browser
  VSCODE_HOST=desktop|code-server         use this one
  VSCODE_EXECUTABLE_PATH=file             use this desktop VS Code
  VECTORSCOPE_PORT=number                 where code-server listens (default: the first free one from 8791)
  CODE_SERVER_DIR=folder                  where code-server is installed

Ctrl+C ends all that it started.`;

const profile = path.join('.vscode-test', 'profile');

await runMain(async (args) => {
  const { values, positionals } = readArguments(args);
  if (values.help) {
    console.log(help);
    return;
  }
  const named = positionals[0] && path.resolve(process.env.INIT_CWD ?? '.', positionals[0]);
  if (named && !fs.statSync(named, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CannotGoOn(`${named} is not a folder: name one that exists, or none for the example.`);
  }

  let stop = () => Promise.resolve();
  endOnSignals({
    before() {
      console.log('\nEnding what was started.');
      return stop();
    },
  });
  await prepare();
  await build();
  const desktop = await prepareEditor({ needsDisplay: true });
  const folder = named ?? (await copyExample());
  const opened = desktop ? openDesktop(desktop, folder) : await openInBrowser(folder, values);
  stop = opened.stop;
  console.log(`\nCtrl+C ends it.\n${opened.message}`);
  const { code, signal } = await opened.exited;
  await stop();
  if (code !== 0) throw new CannotGoOn(`The editor ended by itself (${code ?? signal}). Run npm start again.`);
});

function readArguments(args) {
  try {
    const options = { help: { type: 'boolean', short: 'h' }, 'no-browser': { type: 'boolean' } };
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new CannotGoOn(`${error.message}\n\n${help}`);
  }
}

/** A copy, so that playing leaves the tracked files alone; with a git repository of its own, as real folders have. */
async function copyExample() {
  const folder = path.resolve('.vscode-test/example');
  await step('Example', async () => {
    const [source, stamp] = ['media/example', path.join(folder, '.git/vectorscope-example')];
    const version = hashOf(source);
    const copied = fs.existsSync(stamp) ? fs.readFileSync(stamp, 'utf8') : undefined;
    if (copied === version) return folder;
    const git = (...args) => mustRun('git', ['-C', folder, ...args], `Delete ${folder} and run npm start again.`);
    if (copied && (await git('status', '--porcelain')))
      return `${folder}, with your changes (delete it for a fresh copy)`;
    fs.rmSync(folder, { recursive: true, force: true });
    fs.cpSync(source, folder, { recursive: true });
    await git('init', '--quiet');
    await git('add', '--all');
    await git(
      '-c',
      'user.name=Vectorscope',
      '-c',
      'user.email=example@localhost',
      'commit',
      '--quiet',
      '--no-gpg-sign',
      '-m',
      'Example',
    );
    fs.writeFileSync(stamp, version);
    return `copied to ${folder}`;
  });
  return folder;
}

function hashOf(folder) {
  const hash = crypto.createHash('sha256');
  for (const file of fs.readdirSync(folder, { recursive: true }).sort()) {
    const whole = path.join(folder, file);
    hash.update(file).update(fs.statSync(whole).isFile() ? fs.readFileSync(whole) : '');
  }
  return hash.digest('hex');
}

/** @param {import('./host/desktop.mjs').Desktop} desktop */
function openDesktop({ executable }, folder) {
  const flags = [
    '--new-window',
    '--skip-welcome',
    '--skip-release-notes',
    '--disable-workspace-trust',
    '--disable-telemetry',
    '--disable-updates',
    `--extensionDevelopmentPath=${path.resolve('.')}`,
    `--user-data-dir=${path.resolve(profile, 'desktop')}`,
    `--extensions-dir=${path.resolve(profile, 'desktop-extensions')}`,
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), // Electron refuses to run as root with its sandbox
  ];
  const child = spawn(executable, [folder, ...flags], { env: cleanEnvironment(), stdio: 'ignore', ...ownGroup });
  const exited = new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', (error) => reject(new CannotGoOn(`${executable} cannot be started: ${error.message}`)));
  });
  process.on('exit', () => killTree(child, 'SIGKILL'));
  const stop = async () => {
    killTree(child, 'SIGTERM');
    await Promise.race([exited, sleep(3000)]);
    killTree(child, 'SIGKILL');
  };
  return { exited, stop, message: `Vectorscope is open in VS Code on ${folder}` };
}

async function openInBrowser(folder, { 'no-browser': noBrowser }) {
  const extensionsDir = path.resolve(profile, 'extensions');
  linkExtension(extensionsDir);
  let server;
  await step('code-server', async () => {
    server = await startServer({
      userDataDir: path.join(profile, 'code-server'),
      extensionsDir,
      home: process.env.HOME,
      port: await freePort(),
      endsWhenIdle: false,
    });
    const { status } = await fetch(workbenchUrl(server.url, folder));
    if (status !== 200)
      throw new CannotGoOn(`code-server answers with HTTP status ${status}: delete ${profile} and try again.`);
    return 'answers';
  });
  const address = workbenchUrl(server.url, folder);
  if (!noBrowser) openBrowser(address);
  return { exited: server.exited, stop: server.stop, message: `Vectorscope is open at ${address}` };
}

/** Puts this repository into code-server's extensions by a link: a rebuild is there at the next reload. */
function linkExtension(extensionsDir) {
  const { publisher, name, version } = JSON.parse(fs.readFileSync('package.json', 'utf8'));
  const link = path.join(extensionsDir, `${publisher}.${name}-${version}`);
  fs.rmSync(extensionsDir, { recursive: true, force: true });
  fs.mkdirSync(extensionsDir, { recursive: true });
  fs.symlinkSync(path.resolve('.'), link);
}

/** The same port every time where that is free: the browser keeps the workbench's state by address. */
async function freePort() {
  const asked = process.env.VECTORSCOPE_PORT;
  if (asked && !/^\d+$/.test(asked)) throw new CannotGoOn(`VECTORSCOPE_PORT is "${asked}": set it to a number.`);
  for (let port = Number(asked ?? 8791); port < Number(asked ?? 8890) + 1; port++) {
    const free = await new Promise((resolve) => {
      const probe = net.createServer();
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
  throw new CannotGoOn(
    `${asked ? `Port ${asked} is` : 'The ports 8791 to 8890 are'} taken: set VECTORSCOPE_PORT to a free one.`,
  );
}

function openBrowser(address) {
  const opener = { darwin: 'open', linux: 'xdg-open' }[process.platform];
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return;
  const child = spawn(opener, [address], { stdio: 'ignore', detached: true });
  child.once('error', () => {}); // the address is printed anyway
  child.unref();
}
