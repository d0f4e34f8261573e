// What the page does for one frame, and what it puts off until after it: for tests and for the benchmark.
import type { Hit } from '../../src/engine/model.ts';
import { snapshotOf } from './samples.ts';
import type { SidebarPage } from './sidebarPage.ts';

declare global {
  interface Window {
    /** Runs the timers that {@link holdTimers} held, and holds no more until the next call. */
    releaseTimers(): void;
  }
}

/** From now on, timers wait: what the page puts off until after a frame is not done before the test says so. */
export async function holdTimers({ page }: SidebarPage): Promise<void> {
  await page.evaluate(() => {
    const start = window.setTimeout.bind(window);
    const held: TimerHandler[] = [];
    window.setTimeout = ((action: TimerHandler) => -held.push(action)) as typeof window.setTimeout;
    window.releaseTimers = () => {
      window.setTimeout = start;
      for (const action of held.splice(0)) start(action, 0);
    };
  });
}

/** Whether no part of the list that is in sight lacks its row. */
export function isFullOfRows({ page }: SidebarPage): Promise<boolean> {
  return page.evaluate(() => {
    const bottomOf = (selector: string): number =>
      [...document.querySelectorAll(selector)].at(-1)?.getBoundingClientRect().bottom ?? 0;
    return bottomOf('.hit') >= bottomOf('.panel:not([hidden]) .scroller');
  });
}

/** Measures how long the page's thread works: its processor time, whatever else the machine does. */
export async function meterOfWork({ page }: SidebarPage): Promise<(during: () => Promise<void>) => Promise<number>> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const workedMs = async (): Promise<number> => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    const secondsOf = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? NaN;
    return 1000 * (secondsOf('TaskDuration') - secondsOf('DevToolsCommandDuration'));
  };
  return async (during) => {
    const before = await workedMs();
    await during();
    return (await workedMs()) - before;
  };
}

/** Shows hits, and lets timers wait when the first frame with them is painted. */
export async function paintHits(sidebar: SidebarPage, revision: number, hits: readonly Hit[]): Promise<void> {
  await holdTimers(sidebar);
  await sidebar.emit('snapshot', snapshotOf({ revision, similar: { hits } }));
  // When the second frame begins, the first is painted.
  await sidebar.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Lets the page draw the rows that it put off. */
export async function drawTheRest({ page }: SidebarPage, count: number): Promise<void> {
  await page.evaluate(() => window.releaseTimers());
  await page.waitForFunction((all) => document.querySelectorAll('.hit').length === all, count);
}
