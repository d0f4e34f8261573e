// npm run bench [-- name ...]: all the set-up, then the benchmarks of test/bench one after the other, each in a process of
// its own. What they print goes to out/bench/report.md too.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build, prepare } from './setup.mjs';
import { CannotGoOn, endOnSignals, run, runMain, seconds } from './steps.mjs';

const folder = 'out/test/bench';
const report = 'out/bench/report.md';

await runMain(async (names) => {
  endOnSignals();
  await prepare();
  await build({ tests: true });
  const known = fs.existsSync(folder) ? fs.readdirSync(folder).filter((file) => file.endsWith('.bench.js')) : [];
  const titles = known.map((file) => file.replace('.bench.js', '')).sort();
  const unknown = names.filter((name) => !titles.includes(name));
  if (unknown.length > 0)
    throw new CannotGoOn(`There is no benchmark ${unknown.join(', ')}; there are ${titles.join(', ')}.`);

  const { model } = os.cpus()[0];
  const machine = `${os.availableParallelism()} cores, ${model.trim()}, ${Math.round(os.totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`;
  const parts = [`# Benchmarks\n\n${new Date().toISOString().slice(0, 10)}, ${machine}\n`];
  const failed = [];
  for (const title of names.length > 0 ? names : titles) {
    console.log(`\n## ${title}\n`);
    const started = performance.now();
    const { code, output } = await run(process.execPath, [path.join(folder, `${title}.bench.js`)], { tee: true });
    console.log(`\n(${seconds(started)})`);
    parts.push(`## ${title}\n\n${code === 0 ? output : `Failed with exit code ${code}.\n\n${output}`}\n`);
    if (code !== 0) failed.push(title);
  }
  fs.mkdirSync(path.dirname(report), { recursive: true });
  fs.writeFileSync(report, parts.join('\n'));
  console.log(`\nWritten to ${report}`);
  if (failed.length > 0) throw new CannotGoOn(`Failed: ${failed.join(', ')}.`);
});
