// CPU time that this process and its inference children have used: unlike texts a second, it hardly changes when others use the
// machine. Linux only; elsewhere the children's part is missing.
import fs from 'node:fs';
import { inferenceChildren } from './inferenceChildren.ts';

/** The kernel counts in ticks of 10 ms (USER_HZ). */
const TICK_MS = 10;

/** Milliseconds of CPU so far. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + inferenceChildren().reduce((sum, pid) => sum + childMs(pid), 0);
}

function childMs(pid: number): number {
  try {
    const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS; // utime and stime, proc(5)
  } catch {
    return 0;
  }
}
