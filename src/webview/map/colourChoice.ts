// What the dots are coloured by.
import { el } from '../dom.ts';
import type { Part, ViewContext } from '../viewContext.ts';
import { COLOUR_WAYS } from './groups.ts';

export function createColourChoice(context: ViewContext): Part {
  const { words } = context;
  const options = COLOUR_WAYS.map((way) => el('option', { value: way }, words.t(`map.colour.${way}`)));
  const select = el(
    'select',
    { class: 'filter-select', id: 'map-colour', 'aria-label': words.t('map.colourBy'), title: words.t('map.colourBy') },
    ...options,
  );
  select.addEventListener('change', () => {
    const colour = COLOUR_WAYS.find((way) => way === select.value);
    if (colour) context.dispatch({ type: 'map', map: { colour } });
  });
  const label = el('label', { class: 'dim wide-only', for: 'map-colour' }, words.t('map.colourBy'));
  return {
    element: el('div', { class: 'map-colour' }, label, select),
    update({ map }) {
      if (select.value !== map.colour) select.value = map.colour;
    },
  };
}
