// VS Code requires this module inside the extension host and awaits `run`: desktop VS Code and code-server alike.
// The suite is every *.test.js beside it.
import fs from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/** Rejects where a test failed. MOCHA_GREP picks tests by name; MOCHA_REPORTER is the path of the reporter. */
export async function run(): Promise<void> {
  const { MOCHA_GREP: grep, MOCHA_REPORTER: reporter } = process.env;
  const mocha = new Mocha({ timeout: 30_000, color: false, ...(grep && { grep }), ...(reporter && { reporter }) });
  for (const file of fs.readdirSync(__dirname).sort()) {
    if (file.endsWith('.test.js')) mocha.addFile(path.join(__dirname, file));
  }
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} test(s) failed`);
}
