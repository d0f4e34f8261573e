// Two windows on one folder: one writes, the other follows and takes over.
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { openSidebar } from './driver.ts';
import { embedWorkspace, hit, search, viewButton, type Sidebar } from './sidebar.ts';
import { useWorkbench } from './workbench.ts';

const FILES = {
  'bread.md': '# Sourdough bread\n\nMix flour, water and salt, rest the dough overnight and bake it in a hot oven.\n',
  'soup.md': '# Tomato soup\n\nCook tomatoes with garlic and basil for twenty minutes, then blend and add cream.\n',
  'old/bike.md': '# Fixing a puncture\n\nTake the wheel off, find the hole in the tube under water and glue a patch.\n',
};

describe('an index of two windows', () => {
  const workbench = useWorkbench({ files: FILES });
  let second: Page;
  let view: Sidebar;

  const readOnly = () => view.locator('.footer .badge', { hasText: 'read-only' });
  const write = (name: string, text: string): void => {
    fs.writeFileSync(path.join(workbench().folder ?? '', name), text);
  };

  it('is read by the second one, which says so and shows within seconds what the first one embeds', async function () {
    this.timeout(180_000);
    await embedWorkspace(workbench());
    second = await workbench().secondWindow();
    view = await openSidebar(second);
    await viewButton(view, 'Embed Workspace').first().click();
    await readOnly().waitFor();
    await search(view, 'glue a patch on the tube');
    await hit(view, 'bike.md').waitFor();
    write('tyre.md', '# Changing a tyre\n\nLever the tyre off the rim, check the tube, glue a patch on the hole.\n');
    await hit(view, 'tyre.md').waitFor();
    await second.screenshot({ path: path.join('out', 'ui', 'two-windows-reading.png') });
  });

  it('is written by the second one when the first is closed, and catches up by itself', async function () {
    this.timeout(120_000);
    await workbench().page.goto('about:blank');
    await readOnly().waitFor({ state: 'hidden', timeout: 60_000 });
    write(
      'pump.md',
      '# The pump\n\nPump the tube up under water: bubbles show the hole that wants a patch and glue.\n',
    );
    await hit(view, 'pump.md').waitFor();
    await second.screenshot({ path: path.join('out', 'ui', 'two-windows-writing.png') });
  });
});
