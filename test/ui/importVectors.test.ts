// Ready vectors of a table in the workbench, and the way back to the workspace.
import assert from 'node:assert/strict';
import path from 'node:path';
import {
  activeTab,
  button,
  chooseFile,
  closeToasts,
  cursorOn,
  modalDialog,
  quickPickRow,
  runCommand,
  toast,
} from './driver.ts';
import {
  coverage,
  embedWorkspace,
  hit,
  hits,
  indexed,
  looksAt,
  mapDrawn,
  search,
  showTab,
  viewButton,
  type Sidebar,
} from './sidebar.ts';
import { useWorkbench } from './workbench.ts';

const TOPICS = ['coffee beans', 'dog biscuits', 'green tea'];

/** Rows of three topics whose vectors say so; the last one has none. */
function reviews(header: string): string {
  const rows = Array.from({ length: 45 }, (_, i) => {
    const vector = [0, 1, 2, 3].map((axis) => (axis === i % 3 ? 1 : 0.01 * ((i * 7 + axis * 3) % 5)));
    return `${i},"Review ${i} of ${TOPICS[i % 3] ?? ''}, bought again","[${vector.join(', ')}]"`;
  });
  return [header, ...rows, '45,no vector here,'].join('\n');
}

describe('ready vectors of a table', () => {
  const workbench = useWorkbench({
    files: {
      'lamp.md': '# The lamp\n\nThe lamp on the roof shines over the harbour all night long.\n',
      'bread.md': '# Bread\n\nMix flour, water and salt, and bake it in a hot oven.\n',
      'reviews.csv': reviews('id,combined,embedding'),
      'plain.csv': 'name,price\nlamp,3\nbread,4\n',
      'odd.csv': reviews('id,said,numbers'),
    },
    settings: { 'vectorscope.exclude': ['*.csv'] },
  });
  let view: Sidebar;
  const banner = () => view.locator('.banner', { hasText: 'These are the vectors imported from' });

  before(async function () {
    this.timeout(180_000);
    view = await embedWorkspace(workbench());
  });

  async function importFile(name: string): Promise<void> {
    const { page, folder = '' } = workbench();
    await runCommand(page, 'Vectorscope: Import Vectors…');
    await chooseFile(page, 'Import', path.join(folder, name));
  }

  it('are shown as they came: clusters, similar rows, words', async () => {
    const { page, screenshot } = workbench();
    await importFile('reviews.csv');
    await toast(
      page,
      '45 rows of reviews.csv were imported; nothing was embedded. 1 row was left out: reviews.csv:47.',
    ).waitFor();
    await banner().filter({ hasText: 'reviews.csv' }).waitFor();
    const clusters = view.locator('.panel:visible .cluster');
    await clusters.nth(2).waitFor();
    assert.equal(await clusters.count(), TOPICS.length);
    assert.equal(await view.getByText('changed since').count(), 0);
    for (const topic of ['coffee', 'dog', 'tea']) await clusters.filter({ hasText: topic }).first().waitFor();
    await screenshot('imported-clusters');
    await clusters.first().click();
    await view.locator('.panel:visible .level-2:has(.score)').nth(1).dblclick();
    await activeTab(page).filter({ hasText: 'reviews.csv' }).waitFor();
    await showTab(view, 'similar');
    await looksAt(view, /reviews\.csv.*Row/s);
    await hits(view).nth(2).waitFor();
    await search(view, 'green tea');
    await hit(view, 'reviews.csv').waitFor();
    assert.equal(await view.locator('.panel:visible .modes:visible').count(), 0, 'there are only words to search by');
    await screenshot('imported-search');
    await showTab(view, 'map');
    const points = view.locator('.panel:visible .map-point');
    await points.first().waitFor();
    await mapDrawn(view);
    await view.locator('.map-line', { hasText: '45 in sight' }).waitFor();
    for (const topic of ['coffee', 'dog', 'tea'])
      await view.locator('.map-entry', { hasText: topic }).first().waitFor();
    await closeToasts(page);
    await screenshot('imported-map');
    await points.nth(1).dblclick();
    await cursorOn(page, Number(await points.nth(1).locator('.lines').innerText()));
  });

  it('leave the index of the workspace alone, and lead back to it', async () => {
    const { page, screenshot } = workbench();
    await runCommand(page, 'Vectorscope: Clear Index');
    const said = toast(page, 'You are looking at the vectors of reviews.csv.');
    await said.waitFor();
    assert.equal(await modalDialog(page).count(), 0);
    await screenshot('imported-refused');
    await button(said, 'Back to the Workspace').click();
    await banner().waitFor({ state: 'hidden' });
    await search(view, 'what shines at night');
    await hit(view, 'lamp.md').waitFor();
    await indexed(view);
    assert.deepEqual(await coverage(view), { indexed: 2, total: 2 });
  });

  it('are asked for by column where the names say nothing', async () => {
    const { page } = workbench();
    await importFile('odd.csv');
    await quickPickRow(page, 'numbers', 'Import Vectors').click();
    await quickPickRow(page, 'said', 'Import Vectors').click();
    await banner().filter({ hasText: 'odd.csv' }).waitFor();
    await view.locator('.panel:visible .cluster').nth(2).waitFor();
    await viewButton(view, 'Back to the Workspace').click();
    await banner().waitFor({ state: 'hidden' });
  });

  it('are no news where there are none', async () => {
    const { page } = workbench();
    await importFile('plain.csv');
    await quickPickRow(page, 'name', 'Import Vectors').click();
    await toast(page, 'No row of plain.csv has a text and a vector.').waitFor();
    await banner().waitFor({ state: 'hidden' });
    await search(view, 'what shines at night');
    await hit(view, 'lamp.md').waitFor();
  });
});
