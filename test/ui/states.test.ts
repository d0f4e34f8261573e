// Commands and sidebar while there is no folder, no trust, no index yet, or a run under way: each works, or says why not
// with the button that cures it.
import assert from 'node:assert/strict';
import { button, chooseMenuItem, closeToasts, explorerItem, modalDialog, openFile, openSidebar, quickInput, quickPickRow, runCommand, selectLines, statusBarItem, toast, until } from './driver.ts'; // prettier-ignore
import { noteName, notes } from './notes.ts';
import { coverage, emptyState, hits, looksAt, progress, search, showTab, viewButton, type Sidebar } from './sidebar.ts';
import { useWorkbench, type Workbench } from './workbench.ts';

/** Runs a command, waits for what it says, and reads the buttons under it. */
async function buttonsAfter({ page }: Workbench, title: string, sentence: string): Promise<string[]> {
  await closeToasts(page);
  await runCommand(page, `Vectorscope: ${title}`);
  const message = toast(page, sentence);
  await message.waitFor();
  return (await message.locator('.monaco-button').allInnerTexts()).map((text) => text.trim()).filter(Boolean);
}

describe('without a folder', () => {
  const workbench = useWorkbench({ folder: null });
  let view: Sidebar;

  it('the sidebar says so and offers to open one', async () => {
    view = await openSidebar(workbench().page);
    await emptyState(view).filter({ hasText: 'No folder is open.' }).waitFor();
    await workbench().screenshot('no-folder');
    assert.deepEqual(await emptyState(view).getByRole('button').allInnerTexts(), ['Open Folder']);
    await showTab(view, 'search');
    await emptyState(view).filter({ hasText: 'No folder is open.' }).waitFor();
  });

  const folder = ['Open a folder first: Vectorscope embeds the files of a workspace.', 'Open Folder…'] as const;
  const editor = ['Open a text file first.', 'Search by Meaning…'] as const;
  for (const [title, [sentence, ...cures]] of [
    ['Embed Workspace', folder],
    ['Embed File(s)', folder],
    ['Show Index Status', folder],
    ['Clear Index', folder],
    ['Embed Selection', editor],
    ['Find Similar to Selection', editor],
    ['Find Similar to File', editor],
    ['Compare Selection With', editor],
    ['Copy Vector', editor],
    ['Pause Indexing', ['Nothing is being indexed.', 'Embed Workspace', 'Show Index Status']],
    ['Resume Indexing', ['Indexing is not paused.', 'Embed Workspace', 'Show Index Status']],
    ['Stop Indexing', ['Nothing is being indexed.', 'Embed Workspace', 'Show Index Status']],
    ['Go to Next Result', ['There are no results to step through.', 'Search by Meaning…']],
    ['Select Dimension', ['minilm has one dimension only: 384.', 'Select Model…']],
  ] as const) {
    it(`${title}: ${sentence}`, async () => {
      assert.deepEqual((await buttonsAfter(workbench(), title, sentence)).sort(), [...cures].sort());
    });
  }

  it('a text that is not saved can be kept and compared', async () => {
    const { page, screenshot } = workbench();
    await closeToasts(page);
    await runCommand(page, 'Create: New File...');
    await page.keyboard.type('text');
    await page.keyboard.press('Enter');
    await page.locator('.monaco-editor.focused').waitFor();
    await page.keyboard.type('The quick brown fox jumps over the lazy dog.');
    await page.keyboard.press('ControlOrMeta+A');
    await runCommand(page, 'Vectorscope: Embed Selection');
    await showTab(view, 'similar');
    await looksAt(view, /^Untitled-1.*Snippet/s);
    await emptyState(view).filter({ hasText: 'No folder is open.' }).waitFor();
    await screenshot('no-folder-snippet');
    await runCommand(page, 'Vectorscope: Copy Vector');
    await toast(page, 'Copied the vector of Untitled-1:1: minilm, 384 dimensions.').waitFor();
  });
});

describe('in Restricted Mode', () => {
  const workbench = useWorkbench({ files: notes(3), askForTrust: true });
  let view: Sidebar;

  it('the sidebar says so and offers to manage trust', async () => {
    const { page, screenshot } = workbench();
    view = await openSidebar(page);
    await emptyState(view).filter({ hasText: 'In Restricted Mode Vectorscope reads no files' }).waitFor();
    await screenshot('restricted');
    assert.deepEqual(await emptyState(view).getByRole('button').allInnerTexts(), ['Manage Workspace Trust']);
  });

  for (const title of ['Embed Workspace', 'Embed File(s)', 'Show Index Status', 'Clear Index', 'Select Model']) {
    it(`${title} says so too`, async () => {
      const cures = await buttonsAfter(workbench(), title, 'In Restricted Mode Vectorscope reads no files');
      assert.deepEqual(cures, ['Manage Workspace Trust']);
    });
  }

  it('goes on once the folder is trusted', async () => {
    const { page } = workbench();
    await closeToasts(page);
    await viewButton(view, 'Manage Workspace Trust').click();
    await page.locator('.workspace-trust-editor .monaco-button', { hasText: 'Trust' }).first().click();
    view = await openSidebar(page);
    await viewButton(view, 'Embed Workspace').waitFor();
  });
});

describe('before anything is embedded', () => {
  const workbench = useWorkbench({
    files: { ...notes(4), 'recipes/soup.md': '# Soup\n\nTomatoes, garlic and basil.\n', 'recipes/bread.md': '# Bread\n\nFlour, water and salt.\n' }, // prettier-ignore
  });
  let view: Sidebar;

  it('the list of a file is empty, with the button that fills it', async () => {
    const { page } = workbench();
    view = await openSidebar(page);
    await openFile(page, noteName(0));
    await runCommand(page, 'Vectorscope: Find Similar to File');
    await looksAt(view, noteName(0));
    await viewButton(view, 'Embed Workspace').waitFor();
    await showTab(view, 'search');
    await emptyState(view).filter({ hasText: 'See what is alike in this workspace.' }).waitFor();
    await showTab(view, 'similar');
  });

  for (const title of ['Show Index Status', 'Clear Index']) {
    it(`${title} offers to embed the workspace`, async () => {
      const cures = await buttonsAfter(workbench(), title, 'This workspace is not embedded yet.');
      assert.deepEqual(cures, ['Embed Workspace']);
    });
  }

  it('Embed Selection needs a selection, and offers to select all', async () => {
    const { page } = workbench();
    const cures = await buttonsAfter(workbench(), 'Embed Selection', 'Select some text in the editor first.');
    assert.deepEqual(cures, ['Select All']);
    await button(toast(page, 'Select some text'), 'Select All').click();
    await statusBarItem(page, /\d+ selected/).waitFor();
  });

  it('Embed File(s) embeds the files and folders chosen in the explorer, and nothing else', async () => {
    const { page, screenshot } = workbench();
    await closeToasts(page);
    await runCommand(page, 'View: Show Explorer');
    await page.locator('.monaco-list-row.selected', { hasText: noteName(0) }).waitFor(); // it is what the editor shows
    await explorerItem(page, 'recipes').click();
    await explorerItem(page, noteName(1)).click({ modifiers: ['ControlOrMeta'] });
    await explorerItem(page, noteName(1)).click({ button: 'right' });
    await chooseMenuItem(page, 'Embed File(s)');
    await toast(page, 'Documents in the index: 3.').waitFor();
    await screenshot('embed-files');
    view = await openSidebar(page);
    await until('they are counted', async () => (await coverage(view)).indexed === 3);
  });
});

describe('while a run goes on', () => {
  const workbench = useWorkbench({ files: notes(900, 5), settings: { 'vectorscope.maxConcurrency': 1 } });
  let view: Sidebar;
  const toolbar = (name: string) =>
    workbench().page.locator(`.part.sidebar .title-actions .action-label[aria-label^="${name}"]`);

  it('Embed Workspace starts it from the palette; Pause Indexing pauses it', async () => {
    const { page } = workbench();
    view = await openSidebar(page);
    await runCommand(page, 'Vectorscope: Embed Workspace');
    await progress(view).filter({ hasText: '/ 900 documents' }).waitFor();
    await openFile(page, noteName(0));
    await hits(view).nth(2).waitFor();
    await runCommand(page, 'Vectorscope: Pause Indexing');
    await progress(view).filter({ hasText: 'Paused' }).waitFor();
  });

  it('Pause Indexing says that it is paused already, and offers to resume', async () => {
    assert.deepEqual(await buttonsAfter(workbench(), 'Pause Indexing', 'Indexing is already paused.'), ['Resume']);
    await button(toast(workbench().page, 'Indexing is already paused.'), 'Resume').click();
    await progress(view).filter({ hasText: 'Embedding' }).waitFor();
  });

  it('the toolbar of the sidebar pauses and resumes', async () => {
    const { screenshot } = workbench();
    await toolbar('Pause Indexing').click();
    await progress(view).filter({ hasText: 'Paused' }).waitFor();
    await screenshot('run-paused');
    await toolbar('Resume Indexing').click();
    await progress(view).filter({ hasText: 'Embedding' }).waitFor();
  });

  it('an engine killed with -9 comes back, says so, and the run goes on where it was', async () => {
    const { engines, screenshot } = workbench();
    const { indexed: before } = await coverage(view);
    const [pid] = engines();
    assert.ok(pid !== undefined);
    process.kill(pid, 'SIGKILL');
    const notice = 'The engine ended unexpectedly and was started again. Indexing goes on where it was.';
    await view.getByText(notice).waitFor();
    await screenshot('run-engine-killed');
    await progress(view)
      .filter({ hasText: /Embedding [1-9]/ })
      .waitFor();
    await until('it goes on', async () => (await coverage(view)).indexed > before);
    await viewButton(view, 'Dismiss').filter({ visible: true }).click();
    await view.getByText(notice).waitFor({ state: 'hidden' });
  });

  it('Resume Indexing goes on after Pause', async () => {
    const { page } = workbench();
    await runCommand(page, 'Vectorscope: Pause Indexing');
    await progress(view).filter({ hasText: 'Paused' }).waitFor();
    await runCommand(page, 'Vectorscope: Resume Indexing');
    await progress(view).filter({ hasText: 'Embedding' }).waitFor();
    await runCommand(page, 'Vectorscope: Pause Indexing'); // the rest needs no hurry
    await progress(view).filter({ hasText: 'Paused' }).waitFor();
  });

  it('Show Index Status offers Resume and Stop, and tells how far it is', async () => {
    const { page, screenshot } = workbench();
    await closeToasts(page);
    await runCommand(page, 'Vectorscope: Show Index Status');
    await quickPickRow(page, 'Resume', 'Index Status').waitFor();
    await quickPickRow(page, 'Stop', 'Index Status').waitFor();
    await screenshot('run-status');
    assert.match((await quickInput(page).locator('input[type="text"]').getAttribute('placeholder')) ?? '', /^Paused at \d+ of 900 documents$/); // prettier-ignore
    await page.keyboard.press('Escape');
  });

  it('search, Find Similar, Compare, Copy Vector and Embed Selection work meanwhile', async () => {
    const { page } = workbench();
    await search(view, 'the lamp on the roof');
    await hits(view).nth(2).waitFor();
    await showTab(view, 'similar');
    await openFile(page, noteName(0));
    await runCommand(page, 'Vectorscope: Find Similar to File');
    await looksAt(view, /note-000\.md.*File/s);
    await hits(view).nth(2).waitFor();
    await selectLines(page, 1, 3);
    await runCommand(page, 'Vectorscope: Copy Vector');
    await toast(page, 'Copied the vector of note-000.md').waitFor();
    await runCommand(page, 'Vectorscope: Embed Selection');
    await looksAt(view, /note-000\.md.*Snippet/s);
    await selectLines(page, 1, 3);
    await runCommand(page, 'Vectorscope: Compare Selection With');
    await quickPickRow(page, 'Kept Snippet', 'Compare').click();
    await toast(page, 'Similarity 1.00').waitFor();
  });

  it('Stop Indexing ends it; the status bar goes on with it', async () => {
    const { page } = workbench();
    await runCommand(page, 'Vectorscope: Stop Indexing');
    await progress(view).filter({ hasText: 'Stopped at' }).waitFor();
    await page.locator('.statusbar-item[id*="vectorscope"] .codicon-circle-slash').click();
    await progress(view).filter({ hasText: 'Embedding' }).waitFor();
  });

  it('Clear Index… ends the run and takes everything away', async () => {
    const { page } = workbench();
    await runCommand(page, 'Vectorscope: Clear Index');
    await button(modalDialog(page), 'Clear Index').click();
    await progress(view).waitFor({ state: 'hidden' });
    await emptyState(view).filter({ hasText: 'See what is alike in this workspace.' }).waitFor();
    await view.locator('.coverage', { hasText: 'not indexed' }).waitFor();
  });
});
