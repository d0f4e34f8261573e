// npm run emulator [-- --port number]: all the set-up, then the DashScope emulator of test/support/dashscope until Ctrl+C.
import { parseArgs } from 'node:util';
import { build, prepare } from './setup.mjs';
import { CannotGoOn, endOnSignals, run, runMain } from './steps.mjs';

const help = `npm run emulator [-- --port number] [--key text] [--latency ms]

Starts a DashScope on this machine: strict as the real one, free, and known to nobody else. Prints its address, its key and
how to point the extension at it.

  --port number    8795 unless given; 0 for a free one
  --key text       the key that it takes
  --latency ms     waits before each answer

Ctrl+C ends it.`;

await runMain(async (args) => {
  const { help: wanted, ...values } = readArguments(args);
  if (wanted) {
    console.log(help);
    return;
  }
  endOnSignals();
  await prepare();
  await build({ tests: true });
  const flags = Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);
  const { code } = await run(process.execPath, ['out/test/support/dashscope/emulatorMain.js', ...flags]);
  if (code !== 0) throw new CannotGoOn('The emulator ended: see above. Is the port taken? Name another by --port.');
});

function readArguments(args) {
  try {
    const text = { type: 'string' };
    const options = { help: { type: 'boolean', short: 'h' }, port: text, key: text, latency: text };
    const { values } = parseArgs({ args, options });
    for (const name of ['port', 'latency']) {
      if (values[name] !== undefined && !/^\d{1,5}$/.test(values[name])) throw new Error(`--${name} needs a number.`);
    }
    return values;
  } catch (error) {
    throw new CannotGoOn(`${error.message}\n\n${help}`);
  }
}
