import assert from 'node:assert/strict';
import type { Hit } from '../../src/engine/model.ts';
import { HITS, SNIPPETS, snapshotOf, TARGET } from './samples.ts';
import { startBrowser, type SidebarPage } from './sidebarPage.ts';

const ATTACK = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>"\'><svg onload=window.hacked=1>';
const LANGUAGES = ['typescript', 'python', 'html', 'markdown', 'php', 'vue', 'json', 'yaml', 'shellscript', 'plaintext', 'constructor', '__proto__', ATTACK]; // prettier-ignore

describe('what comes from files and from the host', () => {
  let browser: Awaited<ReturnType<typeof startBrowser>>;
  let sidebar: SidebarPage;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser.stop());
  afterEach(() => sidebar.close());

  it('is shown as text, never run, in every place and language', async () => {
    const hits: readonly Hit[] = LANGUAGES.map((languageId, i) => ({
      ...HITS[0]!,
      path: `${ATTACK}/${i}${ATTACK}`,
      symbol: ATTACK,
      languageId,
      text: `${ATTACK}\nconst a = \`\${${ATTACK}}\`; <?php echo "${ATTACK}"; ?>\n\`\`\`js\n${ATTACK}\n\`\`\``,
      ...(i === 3 && { kept: { sourcePath: ATTACK, startLine: 1, endLine: 2 } }),
    }));
    sidebar = await browser.open({
      height: 6000,
      stored: { recent: [ATTACK], expanded: [ATTACK] },
      snapshot: snapshotOf({
        notice: ATTACK,
        problem: ATTACK,
        modelLabel: ATTACK,
        snippets: SNIPPETS.map((snippet) => ({
          path: ATTACK,
          place: { ...snippet.place, path: ATTACK, text: ATTACK },
        })),
        similar: { hits, problem: ATTACK, target: { ...TARGET, path: ATTACK, symbol: ATTACK, excerpt: ATTACK } },
      }),
    });
    await sidebar.page.getByRole('button', { name: 'Expand All' }).click();
    await sidebar.page.waitForFunction(
      (least) => document.querySelectorAll('.preview:has(.hl-tag)').length >= least,
      3,
    );
    await sidebar.page.getByRole('tab', { name: 'Search' }).click();
    await sidebar.page.getByRole('tab', { name: 'Similar' }).click();
    assert.equal(await sidebar.rows.count(), hits.length);
    const texts = await sidebar.page.locator('.preview').evaluateAll((all) => all.map((one) => one.textContent));
    for (const [i, text] of texts.entries()) assert.equal(text, hits[i]!.text);
    assert.equal(await sidebar.page.evaluate(() => 'hacked' in window), false);
    assert.equal(await sidebar.page.locator('#app img, #app script, #app svg').count(), 0);
  });

  it('is ignored when it has the wrong shape', async () => {
    sidebar = await browser.open();
    const event = (name: string, payload: unknown) => ({ kind: 'event', name, payload });
    const good = snapshotOf({ revision: 9 });
    const wrong: readonly unknown[] = [
      null,
      undefined,
      7,
      'snapshot',
      [],
      {},
      { kind: 'event' },
      { kind: 'surprise', id: 1 },
      { kind: 'result', id: 99, result: {} },
      { kind: 'result', id: 'one' },
      { kind: 'request', id: 1, name: 'toString', params: null },
      { kind: 'cancel', id: 12 },
      event('unknown', 1),
      event('__proto__', 1),
      event('snapshot', undefined),
      event('snapshot', { revision: 10 }),
      event('snapshot', { ...good, similar: { hits: [null] } }),
      event('snapshot', { ...good, similar: { hits: [{ ...HITS[0], text: undefined }] } }),
      event('snapshot', { ...good, similar: { hits: [{ ...HITS[0], similarity: '1' }] } }),
      event('snapshot', { ...good, snippets: 'none' }),
      event('reveal', undefined),
      event('reveal', { tab: 'poem', focus: true }),
      event('step', undefined),
      event('step', { by: 'far' }),
    ];
    for (const message of wrong) await sidebar.post(message);
    assert.equal(await sidebar.rows.count(), HITS.length);
    assert.deepEqual(await sidebar.sent('open'), []);
    await sidebar.emit('snapshot', snapshotOf({ revision: 10, similar: { hits: HITS.slice(0, 2) } }));
    assert.equal(await sidebar.rows.count(), 2);
  });
});
