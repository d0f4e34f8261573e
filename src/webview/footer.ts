// Which model, where it runs, how much of the workspace is indexed.
import type { EngineStatus } from '../protocol/engineApi.ts';
import type { ViewCommand } from '../protocol/viewApi.ts';
import { el, icon, middleTruncated, setAttribute, setIcon } from './dom.ts';
import type { Part, ViewContext } from './viewContext.ts';
import type { Words } from './words.ts';

export function createFooter(context: ViewContext): Part {
  const { words } = context;
  const badge = el('span', { class: 'badge where' }, icon('vm'), el('span'));
  const readOnly = el('span', { class: 'badge' }, icon('lock'), words.t('footer.readOnly'));
  const wasm = el('span', { class: 'badge', title: words.t('footer.wasmDetail') }, words.t('footer.wasm'));
  const model = commandButton(context, 'model', 'selectModel');
  const coverage = commandButton(context, 'coverage', 'showIndexStatus');
  const state = el('span', { class: 'engine-state dim' });
  const element = el('footer', { class: 'footer' }, badge, model, readOnly, wasm, state, coverage);
  let shown = '';
  return {
    element,
    update({ snapshot }) {
      const { engine, engineState, modelLabel, remote } = snapshot;
      const key = JSON.stringify([engine?.coverage, engine?.progress?.documentsTotal, engine?.readOnlyBecausePid, engine?.readOnlyBecauseErrno, engine?.runtime, engineState, modelLabel, remote]); // prettier-ignore
      if (key === shown) return;
      shown = key;
      badge.classList.toggle('remote', remote);
      badge.title = words.t(remote ? 'footer.remoteDetail' : 'footer.localDetail');
      setIcon(badge, remote ? 'cloud' : 'vm');
      badge.lastElementChild?.replaceChildren(words.t(remote ? 'footer.remote' : 'footer.local'));
      model.replaceChildren(middleTruncated(modelLabel));
      model.title = words.t('footer.model', modelLabel);
      setAttribute(model, 'aria-label', model.title);
      readOnly.hidden = engine?.readOnlyBecausePid === undefined && engine?.readOnlyBecauseErrno === undefined;
      readOnly.title =
        engine?.readOnlyBecauseErrno === undefined
          ? words.t('footer.readOnlyDetail', String(engine?.readOnlyBecausePid ?? ''))
          : words.t('footer.readOnlyFolderDetail', engine.readOnlyBecauseErrno);
      wasm.hidden = engine?.runtime !== 'wasm';
      const busy = engineState === 'starting' || engineState === 'restarting';
      // It takes the model's place, which is the only one that is wide enough for a sentence.
      model.hidden = busy;
      state.hidden = !busy;
      state.textContent = busy ? words.t(`engine.${engineState}`) : '';
      state.title = state.textContent;
      showCoverage(words, coverage, engine);
    },
  };
}

function commandButton(context: ViewContext, className: string, command: ViewCommand): HTMLButtonElement {
  const button = el('button', { type: 'button', class: `footer-button ${className}` });
  button.addEventListener('click', () => context.request('command', { command }));
  return button;
}

/** `1,204 / 2,880 · 3 failed`. What a rule excludes is not missing, so it does not count. */
function showCoverage(words: Words, button: HTMLButtonElement, engine: EngineStatus | undefined): void {
  const { indexed = 0, skipped = 0, failed = 0, excluded = 0 } = engine?.coverage ?? {};
  const total = Math.max(indexed + skipped + failed, engine?.progress?.documentsTotal ?? 0);
  if (total === 0) {
    button.replaceChildren(words.t('footer.notIndexed'));
    button.removeAttribute('aria-label');
    button.title = '';
    return;
  }
  const parts: (Node | string)[] = [`${words.count(indexed)} / ${words.count(total)}`];
  const failedText = words.t('footer.failed', words.count(failed));
  if (failed > 0) parts.push(' · ', el('span', { class: 'failed' }, failedText));
  button.replaceChildren(...parts);
  const label = words.t('footer.coverage', words.count(indexed), words.count(total));
  button.setAttribute('aria-label', failed > 0 ? `${label} · ${failedText}` : label);
  const detail = words.t('footer.coverageDetail', ...[indexed, skipped, failed, excluded].map((n) => words.count(n)));
  button.title = `${label}\n${detail}`;
}
