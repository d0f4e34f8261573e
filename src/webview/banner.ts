// A sentence across the page with what to do about it: a notice, or a problem.
import type { ProblemAction } from '../protocol/viewApi.ts';
import { el, icon, iconButton, setText, textButton } from './dom.ts';
import type { ViewState } from './state.ts';
import type { Part, ViewContext } from './viewContext.ts';

export interface BannerOptions {
  readonly kind: 'info' | 'problem';
  /** The sentence, or undefined for no banner. */
  readonly sentenceOf: (state: ViewState) => string | undefined;
  /** What the user can do about it; without it a problem offers the log. */
  readonly actionOf?: (state: ViewState) => ProblemAction | undefined;
  /** Without it the banner stays until its cause is gone. */
  readonly dismiss?: () => void;
}

export function createBanner(context: ViewContext, { kind, sentenceOf, actionOf, dismiss }: BannerOptions): Part {
  const { words } = context;
  const sentence = el('span', { class: 'banner-text' });
  const body = el('div', { class: 'banner-body' }, sentence);
  const element = el(
    'div',
    { class: `banner ${kind}`, role: kind === 'problem' ? 'alert' : 'status' },
    icon(kind === 'problem' ? 'warning' : 'info'),
    body,
  );
  const showLog: ProblemAction = { title: words.t('action.showLog'), command: 'showLog' };
  let action = showLog;
  const cure = textButton(action.title, 'link-button', () => context.request('command', { command: action.command }));
  if (kind === 'problem' || actionOf) body.append(cure);
  if (dismiss) element.append(iconButton('close', words.t('action.dismiss'), dismiss));
  return {
    element,
    update(state) {
      const text = sentenceOf(state);
      element.hidden = text === undefined;
      setText(sentence, text ?? '');
      action = actionOf?.(state) ?? showLog;
      setText(cure, action.title);
    },
  };
}
