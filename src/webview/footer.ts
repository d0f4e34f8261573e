// Which model, where it runs, how much of the workspace is indexed.
import type { EngineStatus, RemoteStatus } from '../protocol/engineApi.ts';
import type { ViewCommand } from '../protocol/viewApi.ts';
import { el, icon, middleTruncated, setAttribute, setIcon, setText } from './dom.ts';
import type { Part, ViewContext } from './viewContext.ts';
import type { Words } from './words.ts';

export function createFooter(context: ViewContext): Part {
  const { words } = context;
  const badge = el('span', { class: 'badge where' }, icon('vm'), el('span'));
  const readOnly = el('span', { class: 'badge' }, icon('lock'), words.t('footer.readOnly'));
  const wasm = el('span', { class: 'badge', title: words.t('footer.wasmDetail') }, words.t('footer.wasm'));
  const model = commandButton(context, 'model', 'selectModel');
  const coverage = footerButton('coverage', () => {
    context.dispatch({ type: 'showTab', tab: 'coverage' });
  });
  const state = el('span', { class: 'engine-state dim' });
  const spend = commandButton(context, 'spend', 'showSpending');
  const element = el('footer', { class: 'footer' }, badge, model, readOnly, wasm, state, spend, coverage);
  let shown = '';
  return {
    element,
    update({ snapshot }) {
      const { engine, engineState, modelLabel, optedIn, remote, remoteHost = '' } = snapshot;
      const key = JSON.stringify([engine?.coverage, engine?.progress?.documentsTotal, engine?.readOnlyBecausePid, engine?.readOnlyBecauseErrno, engine?.runtime, engine?.remote, engineState, modelLabel, optedIn, engine?.space, remoteHost, remote]); // prettier-ignore
      if (key === shown) return;
      shown = key;
      badge.classList.toggle('remote', remote);
      badge.title = remote ? remoteDetail(words, remoteHost, engine?.remote) : words.t('footer.localDetail');
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
      const link = engine?.remote?.link ?? 'ok';
      // It takes the model's place, which is the only one that is wide enough for a sentence.
      model.hidden = busy;
      state.hidden = !busy && link === 'ok';
      state.textContent = busy ? words.t(`engine.${engineState}`) : link === 'ok' ? '' : words.t(`footer.${link}`);
      state.title = state.textContent;
      showSpend(words, spend, engine?.remote);
      coverage.hidden = optedIn && engine?.space === undefined; // nobody has looked yet
      showCoverage(words, coverage, engine);
    },
  };
}

function footerButton(className: string, onClick: () => void): HTMLButtonElement {
  const button = el('button', { type: 'button', class: `footer-button ${className}` });
  button.addEventListener('click', onClick);
  return button;
}

function commandButton(context: ViewContext, className: string, command: ViewCommand): HTMLButtonElement {
  return footerButton(className, () => context.request('command', { command }));
}

function remoteDetail(words: Words, host: string, remote: RemoteStatus | undefined): string {
  const detail = words.t('footer.remoteDetail', host);
  return remote?.consent === false ? `${detail} ${words.t('footer.noConsent')}` : detail;
}

/** `¥0.0123`, or tokens where no price is known. Nothing for models of this computer. */
function showSpend(words: Words, button: HTMLButtonElement, remote: RemoteStatus | undefined): void {
  button.hidden = remote === undefined;
  if (!remote) return;
  const { amount, tokens, currency } = remote.spend;
  const priceless = amount === undefined && tokens > 0;
  const text = priceless ? words.t('footer.tokens', words.count(tokens)) : words.money(amount ?? 0, currency);
  setText(button, text);
  const label = words.t('footer.spend', text);
  setAttribute(button, 'aria-label', label);
  const budget =
    remote.budget === undefined ? '' : `\n${words.t('footer.budget', words.money(remote.budget, currency))}`;
  button.title = label + budget;
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
