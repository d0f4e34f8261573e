// The indexing run: how far, how long still, Pause and Stop; where it was stopped, that, and Resume. Results stay usable meanwhile.
import type { EngineStatus, IndexPhase } from '../protocol/engineApi.ts';
import type { ViewCommand } from '../protocol/viewApi.ts';
import { el, iconButton, setAttribute, setIcon, setText } from './dom.ts';
import { stoppedAt } from './state.ts';
import type { Part, ViewContext } from './viewContext.ts';
import type { Words } from './words.ts';

export function createProgress(context: ViewContext): Part {
  const { words } = context;
  const command = (name: ViewCommand): void => context.request('command', { command: name });
  const sentence = el('div', { class: 'progress-text', id: 'progress-text' });
  const timeLeft = el('span', { class: 'dim' });
  const pause = iconButton('debug-pause', '', () => {
    const { phase = 'idle' } = context.state().snapshot.engine ?? {};
    command(phase === 'paused' || phase === 'idle' ? 'resumeIndexing' : 'pauseIndexing');
  });
  const stop = iconButton('debug-stop', words.t('action.stop'), () => command('stopIndexing'));
  const fill = el('div', { class: 'progress-fill' });
  const bar = el(
    'div',
    { class: 'progress-bar', role: 'progressbar', 'aria-labelledby': 'progress-text', 'aria-valuemin': '0' },
    fill,
  );
  const element = el(
    'section',
    { class: 'progress', 'aria-labelledby': 'progress-text' },
    sentence,
    el('div', { class: 'progress-line' }, bar, timeLeft, pause, stop),
  );
  let lastPhase: IndexPhase = 'idle';
  return {
    element,
    update({ snapshot }) {
      const { engine } = snapshot;
      const phase = engine?.phase ?? 'idle';
      const stopped = stoppedAt(snapshot);
      element.hidden = phase === 'idle' && !stopped;
      if (engine && !element.hidden) {
        setText(sentence, stopped ? words.t('progress.stopped', words.count(stopped.done), words.count(stopped.total)) : sentenceOf(words, engine)); // prettier-ignore
        setText(timeLeft, timeLeftOf(words, engine));
        sentence.title = engine.progress?.currentPath ?? '';
        const { documentsDone = stopped?.done ?? 0, documentsTotal = stopped?.total ?? 0 } = engine.progress ?? {};
        const measured = phase !== 'scanning' && documentsTotal > 0;
        const waits = phase === 'paused' || stopped !== undefined;
        bar.classList.toggle('indeterminate', !measured && !waits);
        setAttribute(bar, 'aria-valuemax', measured ? String(documentsTotal) : undefined);
        setAttribute(bar, 'aria-valuenow', measured ? String(documentsDone) : undefined);
        fill.style.width = measured ? `${((100 * documentsDone) / documentsTotal).toFixed(1)}%` : '';
        const label = words.t(waits ? 'action.resume' : 'action.pause');
        setIcon(pause, waits ? 'debug-continue' : 'debug-pause');
        setAttribute(pause, 'aria-label', label);
        pause.title = label;
        pause.disabled = stop.disabled = phase === 'stopping';
        stop.hidden = stopped !== undefined;
        if (phase !== lastPhase) context.announce(sentence.textContent);
      }
      lastPhase = phase;
    },
  };
}

function sentenceOf(words: Words, { phase, progress, onBattery }: EngineStatus): string {
  const done = words.count(progress?.documentsDone ?? 0);
  const total = words.count(progress?.documentsTotal ?? 0);
  switch (phase) {
    case 'scanning':
      return words.t('progress.scanning', total);
    case 'paused':
      return words.t(onBattery === 'paused' ? 'progress.onBattery' : 'progress.paused', done, total);
    case 'stopping':
      return words.t('progress.stopping');
    case 'embedding':
    case 'idle': {
      const sentence = words.t('progress.embedding', done, total);
      return onBattery === 'gentle' ? `${sentence} · ${words.t('progress.gentle')}` : sentence;
    }
  }
}

function timeLeftOf(words: Words, { phase, progress }: EngineStatus): string {
  if (phase !== 'embedding') return '';
  const { secondsLeft } = progress ?? {};
  return secondsLeft === undefined ? words.t('progress.estimating') : words.timeLeft(secondsLeft);
}
