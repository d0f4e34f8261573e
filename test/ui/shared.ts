// What the workbench tests of a process have in common: test files are bundles of their own, with variables of their own.

interface Shared {
  /** Where the .vsix is installed, for all workbenches. */
  installation?: Promise<string>;
  /** A storage folder with the index of media/example. */
  embedded?: string;
}

const KEY = Symbol.for('vectorscope.test');

export const shared = ((globalThis as Record<symbol, unknown>)[KEY] ??= {}) as Shared;
