// Syntax colours of previews: highlight.js finds the tokens, this makes spans of them. Invariant: source text becomes
// text nodes only; no HTML is ever parsed. Cost: about 0.2 ms for a chunk.
import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import cpp from 'highlight.js/lib/languages/cpp';
import csharp from 'highlight.js/lib/languages/csharp';
import css from 'highlight.js/lib/languages/css';
import go from 'highlight.js/lib/languages/go';
import ini from 'highlight.js/lib/languages/ini';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import markdown from 'highlight.js/lib/languages/markdown';
import php from 'highlight.js/lib/languages/php';
import python from 'highlight.js/lib/languages/python';
import ruby from 'highlight.js/lib/languages/ruby';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { el } from './dom.ts';

const LANGUAGES = {
  bash,
  cpp,
  csharp,
  css,
  go,
  ini,
  java,
  javascript,
  json,
  markdown,
  php,
  python,
  ruby,
  rust,
  sql,
  typescript,
  xml,
  yaml,
};
for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);

/** VS Code's language ids that highlight.js calls otherwise, or that a relative colours well enough. */
const ALIASES: Readonly<Record<string, string>> = {
  c: 'cpp',
  'cuda-cpp': 'cpp',
  html: 'xml',
  javascriptreact: 'javascript',
  jsonc: 'json',
  jsonl: 'json',
  less: 'css',
  mdx: 'markdown',
  'objective-c': 'cpp',
  properties: 'ini',
  scss: 'css',
  shellscript: 'bash',
  svelte: 'xml',
  toml: 'ini',
  typescriptreact: 'typescript',
  vue: 'xml',
};

/** Longer texts stay plain: a preview that long is read, not scanned. */
const LONGEST = 20_000;

/** highlight.js's output as nodes instead of HTML. */
class NodeEmitter {
  private readonly root = document.createDocumentFragment();
  private readonly open: (DocumentFragment | HTMLElement)[] = [this.root];

  addText(text: string): void {
    this.top.append(text);
  }
  openNode(name: string): void {
    // As highlight.js names its own classes: `title.function` -> `hl-title hl-function_`.
    const classes = name.split('.').map((part, i) => `hl-${part}${'_'.repeat(i)}`);
    const span = el('span', { class: classes.join(' ') });
    this.top.append(span);
    this.open.push(span);
  }
  closeNode(): void {
    if (this.open.length > 1) this.open.pop();
  }
  startScope(name: string): void {
    this.openNode(name);
  }
  endScope(): void {
    this.closeNode();
  }
  __addSublanguage(other: unknown): void {
    if (other instanceof NodeEmitter) this.top.append(other.root);
  }
  /** highlight.js asks for HTML; nobody reads it. */
  toHTML(): string {
    return '';
  }
  finalize(): void {
    this.open.length = 1;
  }
  nodes(): DocumentFragment {
    return this.root;
  }
  private get top(): DocumentFragment | HTMLElement {
    return this.open.at(-1) ?? this.root;
  }
}

hljs.configure({ __emitter: NodeEmitter });

/** Whether texts of a language are coloured at all. */
export function isHighlighted(languageId: string): boolean {
  return Object.hasOwn(LANGUAGES, ALIASES[languageId] ?? languageId);
}

/** The text as nodes with `hl-…` classes; undefined when the language is not known or the text is too long. */
export function highlighted(text: string, languageId: string): DocumentFragment | undefined {
  if (!isHighlighted(languageId) || text.length > LONGEST) return undefined;
  const { _emitter: emitter } = hljs.highlight(text, {
    language: ALIASES[languageId] ?? languageId,
    ignoreIllegals: true,
  });
  const nodes = emitter instanceof NodeEmitter ? emitter.nodes() : undefined;
  // highlight.js swallows its own faults and gives half a result: colours are never worth losing text.
  return nodes?.textContent === text ? nodes : undefined;
}
