// What happens to the list while the world changes: files saved, removed and renamed, the engine killed.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { goToLine, openFile, openSidebar, until } from './driver.ts';
import { embedWorkspace, hit, hitNames, hits, looksAt, search, showTab, type Sidebar } from './sidebar.ts';
import { useWorkbench } from './workbench.ts';

const FILES = {
  'bread.md':
    '# Sourdough bread\n\nMix flour, water and salt, let the dough rest overnight and bake it in a hot oven.\n',
  'rye.md': '# Rye loaf\n\nRye flour makes a dense dough that needs a long rest before it is baked.\n',
  'soup.md': '# Tomato soup\n\nCook tomatoes with garlic and basil for twenty minutes, then blend and add cream.\n',
  'bike.md':
    '# Fixing a puncture\n\nTake the wheel off, find the hole in the tube under water and glue a patch on it.\n',
};

describe('while files change', () => {
  const workbench = useWorkbench({ files: FILES });
  let view: Sidebar;

  const write = (name: string, text: string): void => {
    fs.writeFileSync(path.join(workbench().folder ?? '', name), text);
  };

  it('a file that another program writes joins the neighbours of the open one', async () => {
    const { page } = workbench();
    view = await embedWorkspace(workbench());
    await openFile(page, 'bread.md');
    await goToLine(page, 3);
    await hit(view, 'rye.md').waitFor();
    write(
      'pizza.md',
      '# Pizza dough\n\nFlour, water, salt and yeast: rest the dough for a day, then bake it very hot.\n',
    );
    await hit(view, 'pizza.md').waitFor();
  });

  it('a saved edit changes what the neighbours show', async () => {
    const { page, screenshot } = workbench();
    const editor = await openFile(page, 'soup.md');
    await editor.locator('.view-line').first().click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('Baguette: flour, water, salt, a cold night for the dough and a hot oven.');
    await page.keyboard.press('ControlOrMeta+S');
    await openFile(page, 'bread.md');
    await goToLine(page, 3);
    await hit(view, 'soup.md').filter({ hasText: 'Baguette' }).waitFor();
    await screenshot('changes-saved');
  });

  it('a removed file leaves the list, a renamed one stays under its new name', async () => {
    fs.rmSync(path.join(workbench().folder ?? '', 'pizza.md'), { force: true });
    fs.renameSync(path.join(workbench().folder ?? '', 'rye.md'), path.join(workbench().folder ?? '', 'dark-loaf.md'));
    await hit(view, 'dark-loaf.md').waitFor();
    await until('the old names are gone', async () => {
      const names = await hitNames(view);
      return !names.some((name) => name.includes('pizza.md') || name.includes('rye.md'));
    });
  });

  it('the engine killed under an open view comes back by itself and says so', async () => {
    const { engines, page, screenshot } = workbench();
    const [before] = engines();
    assert.ok(before !== undefined, 'the engine runs');
    process.kill(before, 'SIGKILL');
    await view.getByText('The engine ended unexpectedly and was started again.').waitFor();
    await screenshot('changes-engine-killed');
    assert.match(await view.locator('.coverage').innerText(), /^\d \/ \d$/); // not "not indexed": the index is still there
    await until('another engine runs', () => Promise.resolve(engines().some((pid) => pid !== before)));
    view = await openSidebar(page);
    await search(view, 'glue a patch');
    await hits(view).first().filter({ hasText: 'bike.md' }).waitFor();
    await showTab(view, 'similar');
    await looksAt(view, 'bread.md');
    await hits(view).first().waitFor();
  });
});
