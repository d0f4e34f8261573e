// What scripts/watPlugin.mjs makes of a module in WebAssembly's text format, and the part of WebAssembly's own interface that
// kernel.ts uses: TypeScript has it only together with all of the browser's.
/* eslint-disable no-restricted-exports, @typescript-eslint/no-extraneous-class -- the shape is given */
declare module '*.wat' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
  }
  class Instance {
    constructor(module: Module);
    readonly exports: Readonly<Record<string, unknown>>;
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
}
