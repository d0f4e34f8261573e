// Pan and zoom over the map in a browser without a graphics card: three seconds of dragging and turning the wheel, by real input events.
// Says how far apart frames were, how long the page's own work took in each, and the same page at rest beside it, since a busy machine
// holds up any page.
import { mapSample } from '../webview/mapSample.ts';
import { startBrowser, type SidebarPage } from '../webview/sidebarPage.ts';

const SIZES = [10_000, 100_000, 200_000];
/** Of the map itself, in CSS pixels, and device pixels for one of them. */
const WINDOWS = [
  { width: 900, height: 680, ratio: 1 },
  { width: 300, height: 400, ratio: 2 },
];
const SECONDS = 3;

interface Frames {
  /** Between the starts of frames, and of the page's own work in one. */
  readonly gaps: readonly number[];
  readonly work: readonly number[];
}

declare global {
  interface Window {
    meter: { gaps: number[]; work: number[] };
  }
}

/** Measures from here until it is asked; runs in the page. */
async function startMeter({ page }: SidebarPage): Promise<void> {
  await page.evaluate(() => {
    const frames = { gaps: [] as number[], work: [] as number[] };
    window.meter = frames;
    const own = window.requestAnimationFrame.bind(window);
    let last = 0;
    let spent = 0;
    window.requestAnimationFrame = (callback) =>
      own((now) => {
        const begun = performance.now();
        callback(now);
        spent += performance.now() - begun;
      });
    const tick = (now: number): void => {
      if (frames !== window.meter) return;
      if (last > 0) frames.gaps.push(now - last);
      if (spent > 0) frames.work.push(spent);
      last = now;
      spent = 0;
      own(tick);
    };
    own(tick);
  });
}

async function stopMeter({ page }: SidebarPage): Promise<Frames> {
  return page.evaluate(() => {
    const frames = window.meter;
    window.meter = { gaps: [], work: [] };
    return frames;
  });
}

async function panAndZoom({ page }: SidebarPage): Promise<void> {
  const box = await page.locator('.map-plot').boundingBox();
  if (!box) throw new Error('no map');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const end = Date.now() + 1000 * SECONDS;
  await page.mouse.move(x, y);
  for (let step = 0; Date.now() < end; step++) {
    const phase = step % 60;
    if (phase === 0) await page.mouse.down();
    if (phase < 40) await page.mouse.move(x + 0.3 * box.width * Math.sin(step / 6), y + 0.3 * box.height * Math.cos(step / 7)); // prettier-ignore
    if (phase === 40) await page.mouse.up();
    if (phase >= 40) await page.mouse.wheel(0, step % 120 < 60 ? -90 : 90);
  }
  await page.mouse.up();
}

const share = (values: readonly number[], part: number): number => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(part * values.length))] ?? NaN; // prettier-ignore
const row = (values: readonly number[]): string => [share(values, 0.5), share(values, 0.95), Math.max(...values)].map((ms) => ms.toFixed(1)).join(' / '); // prettier-ignore

async function main(): Promise<void> {
  const browser = await startBrowser();
  console.log('| points | window | frames | apart, ms: median / p95 / most | own work, ms | over 50 ms | at rest, apart |'); // prettier-ignore
  console.log('|---|---|---|---|---|---|---|');
  for (const count of SIZES) {
    const map = mapSample(count);
    for (const { width, height, ratio } of WINDOWS) {
      const sidebar = await browser.open({ name: 'map', answers: { map }, width: 1200, height: 800, stored: { tab: 'map' }, ratio }); // prettier-ignore
      await sidebar.page.locator('.map-entry').first().waitFor();
      // The stage takes the size that is asked for, whatever the page around it.
      await sidebar.page.locator('.map-stage').evaluate(
        (stage, size) => {
          if (stage instanceof HTMLElement) Object.assign(stage.style, { flex: 'none', width: `${size.width}px`, height: `${size.height}px` }); // prettier-ignore
        },
        { width, height },
      );
      await sidebar.page.waitForTimeout(800);
      await startMeter(sidebar);
      await sidebar.page.waitForTimeout(1000);
      const rest = await stopMeter(sidebar);
      await startMeter(sidebar);
      await panAndZoom(sidebar);
      const { gaps, work } = await stopMeter(sidebar);
      const late = gaps.filter((gap) => gap > 50).length;
      console.log(`| ${count} | ${width}x${height}@${ratio} | ${gaps.length} | ${row(gaps)} | ${row(work)} | ${late} | ${row(rest.gaps)} |`); // prettier-ignore
      await sidebar.close();
    }
  }
  await browser.stop();
}

void main();
