// What Verify, Repair and Prune look like.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { closeToasts, openSidebar, quickPickRow, runCommand, toast, until } from './driver.ts';
import { embedWorkspace, hit, search } from './sidebar.ts';
import { useWorkbench } from './workbench.ts';

const FILES = {
  'bread.md': '# Sourdough bread\n\nMix flour, water and salt, rest the dough overnight and bake it in a hot oven.\n',
  'soup.md': '# Tomato soup\n\nCook tomatoes with garlic and basil for twenty minutes, then blend and add cream.\n',
};

describe('an index that is looked after', () => {
  const workbench = useWorkbench({ files: FILES });

  it('is verified, repaired and pruned', async function () {
    this.timeout(180_000);
    const { page, screenshot, stored } = workbench();
    await embedWorkspace(workbench());
    await closeToasts(page);
    await runCommand(page, 'Vectorscope: Verify Index');
    await toast(page, 'The index is in order: 2 documents').waitFor();
    await screenshot('verify-sound');
    await closeToasts(page);
    await runCommand(page, 'Vectorscope: Restart Engine'); // folds the journal into shards
    const shards = () => stored('shard-').filter((file) => file.endsWith('.pb')); // one that is being written is none yet
    await until('the index is in shards', () => Promise.resolve(shards().length > 0));
    const [shard] = shards();
    assert.ok(shard !== undefined);
    fs.appendFileSync(shard, 'x');
    await runCommand(page, 'Vectorscope: Verify Index');
    const damaged = toast(page, 'The index is damaged: a file of vectors is damaged.');
    await damaged.waitFor();
    await screenshot('verify-damaged');
    await damaged.getByRole('button', { name: 'Repair Index' }).click();
    await toast(page, 'Damaged files set aside: 1. Documents that are embedded again: 1').waitFor();
    await screenshot('repair');
    const view = await openSidebar(page);
    for (const name of Object.keys(FILES)) {
      await search(view, name === 'bread.md' ? 'flour dough oven' : 'tomato garlic basil');
      await hit(view, name).waitFor();
    }
    await closeToasts(page);
    await runCommand(page, 'Vectorscope: Prune Index…');
    await quickPickRow(page, 'Damaged files that were set aside', 'Prune Index').waitFor();
    await screenshot('prune');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Remove', exact: true }).waitFor();
    await screenshot('prune-confirm');
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await toast(page, 'were freed.').waitFor();
  });
});
