// Stage 3, local: one inference process as its parent sees it. Invariant: a busy child keeps the engine's process alive, an
// idle one doesn't; when the engine goes, in whatever way, the child goes (it leaves on `disconnect`). Cost: about 0.2 s to start,
// 180 MB of memory with MiniLM.
import { fork } from 'node:child_process';
import os from 'node:os';
import type { FromChild, ToChild } from './inferenceProtocol.ts';

export interface ChildEvents {
  onAnswer(answer: FromChild): void;
  /** Once, when the process has ended (or could not be started). */
  onExit(code: number, signal: string): void;
}

export interface InferenceChild {
  send(message: ToChild): void;
  /** Busy children hold the event loop. */
  setBusy(busy: boolean): void;
  /** Asks it to leave after the text under way. */
  retire(): void;
  /** Ends it at once; resolves when it is gone. */
  kill(): Promise<void>;
}

export function startInferenceChild(entry: string, lowPriority: boolean, events: ChildEvents): InferenceChild {
  const child = fork(entry, [], {
    serialization: 'advanced',
    // NODE_OPTIONS: VS Code's auto-attach would otherwise load its debugger into each child.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  if (lowPriority && child.pid !== undefined) lowerPriority(child.pid);
  let ended = false;
  const gone = new Promise<void>((resolve) => {
    const end = (code: number | null, signal: string | null): void => {
      if (ended) return;
      ended = true;
      events.onExit(code ?? -1, signal ?? '');
      resolve();
    };
    child.once('exit', end);
    child.on('error', () => {
      if (child.pid === undefined) end(-1, 'not-started');
    });
  });
  child.on('message', (message) => events.onAnswer(message as FromChild));
  child.unref();
  child.channel?.unref();

  return {
    send: (message) => void child.send(message, () => undefined), // a closed channel means that `exit` follows
    setBusy(busy) {
      if (busy) child.channel?.ref();
      else child.channel?.unref();
    },
    retire() {
      if (child.connected) child.disconnect();
    },
    kill() {
      child.ref();
      child.kill('SIGKILL');
      return gone;
    },
  };
}

function lowerPriority(pid: number): void {
  try {
    os.setPriority(pid, os.constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It is gone already, or the system does not let us: it runs as it is.
  }
}
