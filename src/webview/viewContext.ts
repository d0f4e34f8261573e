// What every part of the page is given, and what every part is.
import type { ViewRequests, WholeIndexRequest } from '../protocol/viewApi.ts';
import type { Action, ViewState } from './state.ts';
import type { Words } from './words.ts';

export interface ViewContext {
  readonly words: Words;
  /** The newest state. */
  state(): ViewState;
  dispatch(action: Action): void;
  /** Asks the host and does not wait: what comes of it arrives in a snapshot, and the host says what went wrong. */
  request<K extends keyof ViewRequests>(name: K, params: ViewRequests[K]['params'], signal?: AbortSignal): void;
  /** Asks the host for an answer. Rejects with `cancelled` or what the host says. */
  ask<K extends 'coverage' | 'nameClusters' | WholeIndexRequest>(
    name: K,
    params: ViewRequests[K]['params'],
    signal: AbortSignal,
  ): Promise<ViewRequests[K]['result']>;
  /** Says something to screen readers, politely. */
  announce(text: string): void;
}

/** A part of the page: made once, then only updated, so that focus and scroll stay. */
export interface Part {
  readonly element: HTMLElement;
  update(state: ViewState): void;
}

/** The inside of a tab. */
export interface TabPart extends Part {
  /** Puts the focus where the user goes on. */
  focus(): void;
  /** F4: goes to the next or previous hit without taking the focus. */
  step(by: 1 | -1): void;
}

export type TabFactory = (context: ViewContext) => TabPart;
