// The DashScope emulator by itself, for a person who points the extension or the command line at it (npm run emulator).
import { parseArgs } from 'node:util';
import { startDashScope } from './startDashScope.ts';
import type { SeenRequest } from '../loopbackServer.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8795' },
      key: { type: 'string' },
      latency: { type: 'string', default: '0' },
    },
  });
  const emulator = await startDashScope({
    port: Number(values.port),
    latencyMs: Number(values.latency),
    ...(values.key !== undefined && { key: values.key }),
    tasks: { unit: 'ms', pending: 3000, running: 5000 },
  });
  console.log(`
The DashScope emulator listens at ${emulator.url} (only this machine reaches it).

  Key                     ${emulator.key}
  Compatible base URL     ${emulator.url}/compatible-mode/v1

In VS Code: choose DashScope as the provider, give ${emulator.url} as its host, and the key when asked for it.
In a terminal:

  DASHSCOPE_API_KEY=${emulator.key} vectorscope embed --provider dashscope --base-url ${emulator.url} --text "a text"

Ctrl+C ends it. Requests as they come:
`);
  let shown = 0;
  setInterval(() => {
    while (shown < emulator.requests.length && emulator.requests[shown]!.status !== undefined) {
      console.log(inWords(emulator.requests[shown++]!));
    }
  }, 250);
}

/** One line of the log; no text and no key. */
function inWords({ method, path, status, rows, atMs }: SeenRequest): string {
  const time = new Date(atMs).toISOString().slice(11, 19);
  return `${time} ${status} ${method} ${path.split('?')[0]}${rows === undefined ? '' : ` (${rows} rows)`}`;
}

main().catch((error: unknown) => {
  console.error(`✗ ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
