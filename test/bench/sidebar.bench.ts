// How long the page's thread works until fifty hits are on the screen, for the first time in a page and for others after them, beside the
// same page when it must draw all rows for that frame. Processor time, whatever else the machine does. Prints Markdown.
import type { Hit } from '../../src/engine/model.ts';
import { drawTheRest, meterOfWork, paintHits } from '../webview/pageWork.ts';
import { manyHits, snapshotOf } from '../webview/samples.ts';
import { startBrowser } from '../webview/sidebarPage.ts';
import { median } from '../support/measure.ts';

const PAGES = 9;

async function main(): Promise<void> {
  const browser = await startBrowser();
  const others = manyHits(50).map((hit) => ({ ...hit, path: `x/${hit.path}` }));
  const painted: Record<'first' | 'later', number[]> = { first: [], later: [] };
  const complete: typeof painted = { first: [], later: [] };
  for (let i = 0; i < PAGES; i++) {
    const sidebar = await browser.open({ height: 1000, snapshot: snapshotOf({ similar: { hits: [] } }) });
    const workOf = await meterOfWork(sidebar);
    const draw = async (kind: keyof typeof painted, revision: number, hits: readonly Hit[]): Promise<void> => {
      const ms = await workOf(() => paintHits(sidebar, revision, hits));
      painted[kind].push(ms);
      complete[kind].push(ms + (await workOf(() => drawTheRest(sidebar, hits.length))));
      await sidebar.page.locator('.hit .hl-keyword').first().waitFor();
    };
    await draw('first', 2, manyHits(50));
    await draw('later', 3, others);
    await draw('later', 4, manyHits(50));
    await sidebar.close();
  }
  await browser.stop();
  console.log('| fifty hits, ms of the page (median, worst) | a screenful, then the rest | all of them | ratio |');
  console.log('| --- | --- | --- | --- |');
  for (const kind of ['first', 'later'] as const) {
    const cell = (values: readonly number[]): string =>
      `${median(values).toFixed(1)}, ${Math.max(...values).toFixed(1)}`;
    const ratio = median(complete[kind]) / median(painted[kind]);
    console.log(`| ${kind} in a page | ${cell(painted[kind])} | ${cell(complete[kind])} | ${ratio.toFixed(2)} |`);
  }
}

void main();
