// The sidebar's page, as a user sees it.
import type { FrameLocator, Locator, Page } from 'playwright-core';
import type { ViewTab } from '../../src/protocol/viewApi.ts';
import { closeToasts, openSidebar, until } from './driver.ts';
import { keepVectors, offerVectors } from './exampleVectors.ts';
import type { Workbench } from './workbench.ts';

/** The page is a document in a frame of its own. */
export type Sidebar = FrameLocator;

/** A button of the page by its name. */
export function viewButton(view: Sidebar, name: string): Locator {
  return view.getByRole('button', { name, exact: true });
}

/** The rows of the tab shown. */
export function hits(view: Sidebar): Locator {
  return view.locator('.panel:visible .hit');
}

/** The first row whose place (path and symbol) holds a text. */
export function hit(view: Sidebar, place: string): Locator {
  return view.locator(`.panel:visible .hit:has(.place:has-text(${JSON.stringify(place)}))`).first();
}

/** The file names of the rows, in their order. */
export async function hitNames(view: Sidebar): Promise<readonly string[]> {
  const names = await hits(view).locator('.name').allTextContents();
  return names.map((name) => name.trim());
}

/** Presses one of the buttons that a row shows under the mouse. Tries again when the row moved meanwhile. */
export async function rowAction(row: Locator, command: 'side' | 'compare' | 'moreLikeThis' | 'hide'): Promise<void> {
  for (const end = Date.now() + 60_000; ;) {
    try {
      await row.hover({ timeout: 5000 });
      await row.locator(`[data-command="${command}"]`).click({ timeout: 2000 });
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

/** What the Similar tab looks at: `web/http›retry.ts` and `withRetry lines 30–44` in one text. */
export function target(view: Sidebar): Locator {
  return view.locator('.target');
}

/** Waits until the Similar tab looks at something that reads so, and no longer shows what is like something else. */
export async function looksAt(view: Sidebar, text: string | RegExp): Promise<void> {
  await target(view).filter({ hasText: text }).waitFor();
  await view.locator('.busy-bar.on').waitFor({ state: 'hidden' });
}

/** Why the tab shown shows nothing. */
export function emptyState(view: Sidebar): Locator {
  return view.locator('.panel:visible .empty');
}

export function progress(view: Sidebar): Locator {
  return view.locator('.progress');
}

/** `12 / 44` as two numbers, in the footer. */
export async function coverage(view: Sidebar): Promise<{ readonly indexed: number; readonly total: number }> {
  const [indexed = 0, total = 0] = (await view.locator('.coverage').innerText()).split('/').map((text) => Number.parseInt(text.replaceAll(/\D/g, ''), 10)); // prettier-ignore
  return { indexed, total };
}

export async function showTab(view: Sidebar, tab: ViewTab): Promise<void> {
  await view.locator(`#tab-${tab}`).click();
  await view.locator(`#panel-${tab}`).waitFor();
}

/** Types a query, and perhaps a path filter, into the Search tab and presses Enter. */
export async function search(view: Sidebar, query: string, paths = ''): Promise<void> {
  await showTab(view, 'search');
  if (paths !== '' || (await filtersButton(view).locator('.codicon-filter-filled').count()) > 0) {
    await openFilters(view);
    await view.getByRole('textbox', { name: /^Files to include/ }).fill(paths);
  }
  await searchBox(view).fill(query);
  await searchBox(view).press('Enter');
}

export function searchBox(view: Sidebar): Locator {
  return view.locator('#panel-search .search-line .search-input');
}

/** The funnel of the tab shown. */
export function filtersButton(view: Sidebar): Locator {
  return view.locator('.panel:visible [aria-controls^="filters-"]');
}

export async function openFilters(view: Sidebar): Promise<void> {
  const button = filtersButton(view);
  if ((await button.getAttribute('aria-expanded')) !== 'true') await button.click();
}

/** A canvas, as far as it is looked at. */
interface Layer {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray };
  };
}

/** Waits until both layers of the map show something: dots, and labels or marks. */
export async function mapDrawn(view: Sidebar): Promise<void> {
  const isDrawn = (canvas: unknown): boolean => {
    const layer = canvas as Layer;
    return layer
      .getContext('2d')
      .getImageData(0, 0, layer.width, layer.height)
      .data.some((byte) => byte > 0);
  };
  const layers = view.locator('.map-plot canvas');
  for (const layer of [layers.first(), layers.last()]) await until('the map is drawn', () => layer.evaluate(isDrawn));
}

/** Opens the sidebar and has the whole workspace embedded by its button; resolves when that is done. */
export async function embedWorkspace(workbench: Workbench): Promise<Sidebar> {
  const { page, isExample } = workbench;
  const view = await openSidebar(page);
  if (isExample) offerVectors(workbench);
  await view.locator('.empty .button').first().click();
  await indexed(view);
  if (isExample) await keepVectors(workbench);
  await closeToasts(page);
  return view;
}

/** Waits until a run is over and has embedded everything. */
export async function indexed(view: Sidebar, timeoutMs = 100_000): Promise<void> {
  const done = async (): Promise<boolean> => {
    const { indexed: some, total } = await coverage(view);
    return total > 0 && some === total && (await progress(view).isHidden());
  };
  await until('everything is embedded', done, timeoutMs);
}

/** The part of the window that the sidebar is. */
export function sidebarPart(page: Page): Locator {
  return page.locator('.part.sidebar');
}
