// The buttons on the map: what a drag does, and where to look.
import { el, icon, iconButton } from '../dom.ts';
import type { ViewContext } from '../viewContext.ts';
import { DRAG_WAYS, type DragWay } from './gestures.ts';

export interface Controls {
  readonly elements: readonly HTMLElement[];
  readonly dragWay: DragWay;
  /** Whether there is a current file to go to. */
  update(hasFile: boolean): void;
}

export interface ControlAnswers {
  zoom(factor: number): void;
  fit(): void;
  centre(): void;
  /** Undefined where the map is in an editor already. */
  readonly openInEditor: (() => void) | undefined;
  dragWayChanged(way: DragWay): void;
}

const BUTTON_ZOOM = 1.6;

export function createControls({ words }: ViewContext, answers: ControlAnswers): Controls {
  let dragWay: DragWay = 'pan';
  const choices = DRAG_WAYS.map((way) => {
    const label = words.t(`map.drag.${way}`);
    const input = el('input', { type: 'radio', name: 'map-drag', value: way, 'aria-label': label });
    input.checked = way === dragWay;
    input.addEventListener('change', () => {
      dragWay = way;
      answers.dragWayChanged(way);
    });
    const glyph = way === 'pan' ? icon('move') : el('span', { class: `map-shape ${way}` });
    return el('label', { class: 'mode', title: label }, input, glyph);
  });
  const drag = el('div', { class: 'map-tools start modes', role: 'radiogroup', 'aria-label': words.t('map.drag') }, ...choices); // prettier-ignore
  const centre = iconButton('target', words.t('map.centre'), () => answers.centre());
  const { openInEditor } = answers;
  const looks = el(
    'div',
    { class: 'map-tools end' },
    ...(openInEditor ? [iconButton('screen-full', words.t('map.editor'), () => openInEditor())] : []),
    iconButton('zoom-in', words.t('map.zoomIn'), () => answers.zoom(BUTTON_ZOOM)),
    iconButton('zoom-out', words.t('map.zoomOut'), () => answers.zoom(1 / BUTTON_ZOOM)),
    iconButton('home', words.t('map.fit'), () => answers.fit()),
    centre,
  );
  return {
    elements: [drag, looks],
    get dragWay() {
      return dragWay;
    },
    update(hasFile) {
      centre.disabled = !hasFile;
    },
  };
}
