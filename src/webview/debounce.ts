export interface Debounced<A extends readonly unknown[]> {
  (...args: A): void;
  /** Forgets a call that has not run yet. */
  cancel(): void;
}

/** Runs `action` with the newest arguments once no call came for `waitMs`. */
export function debounce<A extends readonly unknown[]>(waitMs: number, action: (...args: A) => void): Debounced<A> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const debounced = (...args: A): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      action(...args);
    }, waitMs);
  };
  return Object.assign(debounced, { cancel: () => clearTimeout(timer) });
}
