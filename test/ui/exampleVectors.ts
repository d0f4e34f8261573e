// The example is embedded once: later windows take its vectors over, as they do from another workspace with the same folder.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { until } from './driver.ts';
import { shared } from './shared.ts';
import type { Workbench } from './workbench.ts';

/** Notes the index that was kept, if there is one, as that of another workspace. */
export function offerVectors({ folder, registry }: Workbench): void {
  if (shared.embedded === undefined) return;
  fs.mkdirSync(registry, { recursive: true });
  const entry = { storageFolder: shared.embedded, folders: [folder] };
  fs.writeFileSync(path.join(registry, 'example.json'), JSON.stringify(entry));
}

/** Keeps a copy of the index that was made. */
export async function keepVectors({ registry }: Workbench): Promise<void> {
  if (shared.embedded !== undefined) return;
  const [noted = ''] = fs.readdirSync(registry).filter((name) => name.endsWith('.json'));
  const { storageFolder } = JSON.parse(fs.readFileSync(path.join(registry, noted), 'utf8')) as { storageFolder: string }; // prettier-ignore
  const kept = fs.mkdtempSync(path.join(os.tmpdir(), 'vsc-embedded-'));
  process.once('exit', () => fs.rmSync(kept, { recursive: true, force: true }));
  const names = (): string => fs.readdirSync(storageFolder, { recursive: true }).join('\n');
  await until('the index is copied while nothing is written', () => {
    const before = names();
    try {
      fs.rmSync(kept, { recursive: true, force: true });
      fs.cpSync(storageFolder, kept, { recursive: true });
    } catch {
      return Promise.resolve(false); // a file went meanwhile
    }
    return Promise.resolve(names() === before);
  });
  shared.embedded = kept;
}
