// Finds and ends inference children from outside, as an out-of-memory killer or a user would.
import { execFileSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';

/** Process ids of this process's inference children. */
export function inferenceChildren(): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  const children: number[] = [];
  for (const line of lines) {
    const [pid, ppid, state, ...args] = line.trim().split(/\s+/);
    const ours = Number(ppid) === process.pid && args.some((arg) => arg.endsWith('inference.js'));
    if (ours && state?.startsWith('Z') === false) children.push(Number(pid));
  }
  return children;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits for a condition, asking every 10 ms; throws after the deadline. */
export async function until(condition: () => boolean, what: string, deadlineMs = 15_000): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Not within ${deadlineMs} ms: ${what}`);
    await setTimeout(10);
  }
}
