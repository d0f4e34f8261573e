// Stage 2, code: tree-sitter's WASM runtime on a leash. Invariant: a parse ends within about three seconds and 128 MB (tree-sitter
// can want minutes and gigabytes for a few kilobytes of unclosed generics); a runtime that failed is thrown away with all its
// memory and a fresh one is loaded. Cost: 20 ms to load, 10-60 ms a grammar, then about 8 MB/s.
import type { Language, Node, Parser } from '@vscode/tree-sitter-wasm';
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { EngineError } from '../../errors.ts';

/** Of processor time, so that a busy machine cuts a text like an idle one; a megabyte of code takes about 0.3 s. */
const PARSE_LIMIT_MICROSECONDS = 3e6;
/** The parser asks every 100 steps; reading the clock costs as much as 50 of them. */
const CALLS_A_CLOCK = 50;
const INITIAL_PAGES = 512; // of 64 KiB: what the module wants at least
const MAX_PAGES = 2048;

/** Node has it; the compiler's `lib` for Node does not. */
declare const WebAssembly: { readonly Memory: new (size: { initial: number; maximum: number }) => object };

type TreeSitter = typeof import('@vscode/tree-sitter-wasm');

interface Runtime {
  readonly treeSitter: TreeSitter;
  readonly parser: Parser;
  readonly languages: Map<string, Promise<Language>>;
}

export interface SyntaxRuntime {
  /**
   * Parses and hands the root to `read`, whose nodes are freed afterwards. Resolves to undefined when the parser fails or takes
   * too long. Throws `internal` when a grammar file is missing.
   */
  parse<T>(grammar: string, text: string, read: (root: Node) => T): Promise<T | undefined>;
}

/** Loads the runtime from the folder that holds tree-sitter.js and the .wasm files. Throws `internal` when it can't. */
export async function createSyntaxRuntime(grammarsFolder: string): Promise<SyntaxRuntime> {
  let runtime: Promise<Runtime> = loadRuntime(grammarsFolder);
  await runtime;

  return {
    async parse(grammar, text, read) {
      let loaded: Runtime;
      let language: Language;
      let used: Promise<Runtime>;
      do {
        used = runtime;
        loaded = await used;
        language = await loadLanguage(grammarsFolder, loaded, grammar);
      } while (used !== runtime); // another document broke the runtime meanwhile
      try {
        return parseWith(loaded.parser, language, text, read);
      } catch {
        // Aborted by its memory limit or broken by its input: nothing in this instance can be trusted any more.
        runtime = loadRuntime(grammarsFolder);
        return undefined;
      }
    },
  };
}

function parseWith<T>(parser: Parser, language: Language, text: string, read: (root: Node) => T): T | undefined {
  const before = process.cpuUsage();
  let calls = 0;
  const isTooLong = () => ++calls % CALLS_A_CLOCK === 0 && process.cpuUsage(before).user > PARSE_LIMIT_MICROSECONDS;
  parser.setLanguage(language);
  const tree = parser.parse(text, null, { progressCallback: isTooLong });
  if (tree === null) {
    parser.reset();
    return undefined;
  }
  try {
    return read(tree.rootNode);
  } finally {
    tree.delete();
  }
}

async function loadRuntime(grammarsFolder: string): Promise<Runtime> {
  try {
    // tree-sitter.js keeps its one instance in a variable of the module, so a fresh instance takes a fresh module; a bundled
    // copy could not be loaded twice.
    const scriptPath = path.resolve(grammarsFolder, 'tree-sitter.js');
    const load = createRequire(scriptPath);
    const treeSitter = load(scriptPath) as TreeSitter;
    Reflect.deleteProperty(load.cache, scriptPath);
    const options = {
      locateFile: (file: string) => path.join(grammarsFolder, file),
      wasmMemory: new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAX_PAGES }),
      printErr: () => undefined, // "Aborted()" on standard error for each failed parse
    };
    await treeSitter.Parser.init(options);
    return { treeSitter, parser: new treeSitter.Parser(), languages: new Map() };
  } catch (error) {
    throw missing('tree-sitter', error);
  }
}

async function loadLanguage(grammarsFolder: string, runtime: Runtime, grammar: string): Promise<Language> {
  let language = runtime.languages.get(grammar);
  if (language === undefined) {
    const file = path.join(grammarsFolder, `tree-sitter-${grammar}.wasm`);
    language = fs.readFile(file).then((bytes) => runtime.treeSitter.Language.load(bytes));
    runtime.languages.set(grammar, language);
  }
  try {
    return await language;
  } catch (error) {
    throw missing(grammar, error);
  }
}

function missing(what: string, cause: unknown): EngineError {
  return new EngineError('internal', { reason: `grammar ${what} could not be loaded` }, { cause });
}
