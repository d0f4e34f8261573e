// The first minute: an empty state with one button, a run that can be watched and steered, results while it goes on.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { openFile, openSidebar, statusBarItem, steady, toast, until } from './driver.ts';
import { noteName, notes } from './notes.ts';
import { coverage, emptyState, hits, indexed, progress, search, showTab, viewButton, type Sidebar } from './sidebar.ts';
import { useWorkbench } from './workbench.ts';

const COUNT = 999;
/** Of a note's length: a fast machine embeds a hundred short ones a second, while the workbench draws. */
const TIMES = 5;

describe('the first contact', () => {
  const workbench = useWorkbench({ files: notes(COUNT, TIMES), settings: { 'vectorscope.maxConcurrency': 1 } });
  let view: Sidebar;

  it('shows what Vectorscope does, one button, and nothing in the status bar', async () => {
    const { page, screenshot, engines } = workbench();
    view = await openSidebar(page);
    await emptyState(view).filter({ hasText: 'See what is alike in this workspace.' }).waitFor();
    assert.deepEqual(await emptyState(view).getByRole('button').allInnerTexts(), ['Embed Workspace']);
    assert.equal(await view.locator('.coverage').innerText(), 'not indexed');
    assert.equal(await page.locator('.statusbar-item[id*="vectorscope"]').count(), 0);
    assert.deepEqual(engines(), [], 'the engine waits until it is needed');
    await screenshot('first-empty');
  });

  it('embeds at one click and tells how far it is and how long it takes', async () => {
    const { page, screenshot } = workbench();
    await viewButton(view, 'Embed Workspace').click();
    await progress(view)
      .filter({ hasText: `/ ${COUNT} documents` })
      .waitFor();
    await progress(view)
      .filter({ hasText: /\d+ (s|min) left/ })
      .waitFor();
    await statusBarItem(page, /\d+ % \d+\/999/).waitFor();
    await screenshot('first-progress');
  });

  it('answers while the run goes on, and says that the results are partial', async () => {
    const { page, screenshot } = workbench();
    await openFile(page, noteName(0));
    await hits(view).nth(4).waitFor();
    await view.locator('.panel:visible .badge', { hasText: 'partial' }).waitFor();
    assert.ok(await progress(view).isVisible(), 'the run is over already: make more notes');
    await screenshot('first-results-meanwhile');
  });

  it('pauses, and goes on where it was', async () => {
    const { page, screenshot } = workbench();
    await viewButton(view, 'Pause').click();
    await progress(view)
      .filter({ hasText: /Paused at \d+ \/ 999 documents/ })
      .waitFor();
    const paused = await steady('the paused run', () => progress(view).innerText(), 1500); // texts under way are finished
    assert.match(paused, /Paused/);
    await search(view, 'the lamp on the roof');
    await hits(view).nth(4).waitFor();
    await screenshot('first-paused');
    await showTab(view, 'similar');
    const { indexed: before } = await coverage(view);
    await statusBarItem(page, /^\s*\d+\/999/).click(); // "paused; click to resume"
    await progress(view).filter({ hasText: 'Embedding' }).waitFor();
    await until('more documents are embedded', async () => (await coverage(view)).indexed > before);
  });

  it('stops and keeps what it has', async () => {
    const { page, screenshot } = workbench();
    const { indexed: before } = await coverage(view);
    await viewButton(view, 'Stop').click();
    await progress(view)
      .filter({ hasText: /Stopped at \d+ \/ 999 documents/ })
      .waitFor();
    await view.locator('.panel:visible .badge', { hasText: 'partial' }).waitFor();
    await page.locator('.statusbar-item[id*="vectorscope"] .codicon-circle-slash').waitFor();
    const { indexed: after, total } = await coverage(view);
    assert.ok(after >= before && after < total, `${before} -> ${after} of ${total}`);
    assert.ok((await hits(view).count()) > 0);
    await screenshot('first-stopped');
  });

  it('goes on after Stop by the status bar, and is done', async () => {
    const { page, screenshot, folder = '' } = workbench();
    const { indexed: before } = await coverage(view);
    for (let i = before + 20; i < COUNT; i++) fs.rmSync(path.join(folder, noteName(i)), { force: true });
    await page.locator('.statusbar-item[id*="vectorscope"] .codicon-circle-slash').click();
    await indexed(view);
    await page.locator('.statusbar-item[id*="vectorscope"] .codicon-telescope').waitFor();
    await view.locator('.panel:visible .badge', { hasText: 'partial' }).waitFor({ state: 'hidden' });
    assert.equal(await toast(page, 'failed').count(), 0);
    await screenshot('first-done');
  });
});
