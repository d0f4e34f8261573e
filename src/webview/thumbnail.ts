// The image of a hit below its row, in place of a text. Invariant: its height does not depend on the image, so that nothing moves
// when it arrives; it is fetched when it comes into view; what can't be shown is an icon.
import type { ImageRoot } from '../protocol/viewApi.ts';
import { el, icon } from './dom.ts';
import type { Words } from './words.ts';

export interface Thumbnail {
  readonly element: HTMLElement;
  update(address: string | undefined, expanded: boolean): void;
}

export function createThumbnail(id: string, words: Words, name: string): Thumbnail {
  const element = el('div', { class: 'thumbnail', id });
  const label = words.t('row.image', name);
  let shown: string | undefined | null = null;
  const showIcon = (): void => {
    const broken = el('span', { class: 'thumbnail-icon', role: 'img', 'aria-label': label });
    broken.append(icon('file-media'));
    element.replaceChildren(broken);
  };
  return {
    element,
    update(address, expanded) {
      element.classList.toggle('expanded', expanded);
      if (address === shown) return;
      shown = address;
      if (address === undefined) {
        showIcon();
        return;
      }
      const image = el('img', { loading: 'lazy', decoding: 'async', draggable: 'false', alt: label });
      image.addEventListener('error', showIcon);
      image.src = address;
      element.replaceChildren(image);
    },
  };
}

/** Where the page finds a file of the workspace. */
export function addressOf(roots: readonly ImageRoot[] | undefined, path: string): string | undefined {
  const root = roots?.find(({ prefix }) => path.startsWith(prefix));
  return root && `${root.uri}/${path.slice(root.prefix.length).split('/').map(encodeURIComponent).join('/')}`;
}
