// Stage 2, code: which node is a definition and what it is called. Invariant: a name is one short line. Cost: a few node
// look-ups a definition.
import type { Node } from '@vscode/tree-sitter-wasm';
import type { ChunkKind } from '../../model.ts';
import type { SyntaxLanguage } from './syntaxLanguages.ts';

const MAX_NAME_LENGTH = 80;
const MAX_DECLARATOR_DEPTH = 8;

/** A definition met in a tree. */
export interface FoundDefinition {
  /** The node that holds name and body, inside its wrappers. */
  readonly node: Node;
  /** As shown; undefined for nameless wrappings such as an include guard. */
  readonly name: string | undefined;
  /** What members put before their own names when it is not `name`: `Type` of Rust's `impl Trait for Type`. */
  readonly prefix: string | undefined;
  readonly kind: ChunkKind;
  readonly isMinor: boolean;
  readonly isOpen: boolean;
}

interface Naming {
  readonly name: string | undefined;
  readonly prefix?: string | undefined;
  /** Set when the value says more than the node's type: a constant that holds a function is a function. */
  readonly kind?: ChunkKind;
}

/** The definition that this node is or wraps. */
export function findDefinition(node: Node, language: SyntaxLanguage): FoundDefinition | undefined {
  if (language.wrappers.has(node.type)) {
    for (const child of node.namedChildren) {
      const found = child === null ? undefined : findDefinition(child, language);
      if (found !== undefined) return found;
    }
  }
  const definition = language.definitions[node.type];
  if (definition === undefined) return undefined;
  const special = SPECIAL[node.type];
  const naming = special === undefined ? { name: textOfField(node, 'name') } : special(node);
  if (naming === undefined) return undefined;
  return {
    node,
    name: shorten(naming.name),
    prefix: shorten(naming.prefix ?? naming.name),
    kind: naming.kind ?? definition.kind,
    isMinor: definition.isMinor === true && naming.kind === undefined,
    isOpen: definition.isOpen === true,
  };
}

/** Types whose name is not simply their field `name`. Undefined: no definition after all. */
const SPECIAL: Readonly<Record<string, (node: Node) => Naming | undefined>> = {
  lexical_declaration: ofVariables,
  variable_declaration: ofVariables,
  public_field_definition: (node) => ofValue(textOfField(node, 'name'), node.childForFieldName('value'), 'method'),
  field_definition: (node) => ofValue(textOfField(node, 'property'), node.childForFieldName('value'), 'method'),
  pair: (node) => onlyCallable(ofValue(textOfField(node, 'key'), node.childForFieldName('value'), 'method')),
  assignment_expression: (node) =>
    onlyCallable(ofValue(textOfField(node, 'left'), node.childForFieldName('right'), 'function')),
  call_expression: ofTestCall,
  assignment: (node) => ({ name: textOfField(node, 'left') }),
  method_declaration: ofMethod,
  type_declaration: (node) => ({ name: textOfField(node.firstNamedChild, 'name') }),
  const_declaration: (node) => ({ name: textOfField(node.firstNamedChild, 'name') }),
  var_declaration: (node) => ({ name: textOfField(node.firstNamedChild, 'name') }),
  impl_item: ofImpl,
  function_definition: (node) => ({ name: textOfField(node, 'name') ?? declaredName(node) }),
  declaration: (node) => ({ name: declaredName(node) }),
  field_declaration: (node) => ({ name: declaredName(node) }),
  type_definition: (node) => ({ name: declaredName(node) }),
  rule_set: (node) => ({ name: node.firstNamedChild?.text }),
  media_statement: nameless,
  supports_statement: nameless,
  preproc_if: nameless,
  preproc_ifdef: nameless,
  namespace_declaration: nameless, // of C#: every name of a file would begin with it
  namespace_definition: ofNamespace,
  function_statement: (node) => ({ name: textOfChild(node, 'function_name') }),
  class_statement: (node) => ({ name: textOfChild(node, 'simple_name') }),
  class_method_definition: (node) => ({ name: textOfChild(node, 'simple_name') }),
};

function nameless(): Naming {
  return { name: undefined };
}

function ofVariables(node: Node): Naming | undefined {
  const declarator = node.namedChildren.find((child) => child?.type === 'variable_declarator');
  return ofValue(textOfField(declarator, 'name'), declarator?.childForFieldName('value'), 'function');
}

const CALLABLE = new Set(['arrow_function', 'function_expression', 'function', 'generator_function']);

function ofValue(name: string | undefined, value: Node | null | undefined, callableKind: ChunkKind): Naming {
  if (value?.type === 'class') return { name, kind: 'class' };
  return CALLABLE.has(value?.type ?? '') ? { name, kind: callableKind } : { name };
}

function onlyCallable(naming: Naming): Naming | undefined {
  return naming.kind === undefined ? undefined : naming;
}

/** `describe('what', () => ...)`: test suites are read by their words. */
function ofTestCall(node: Node): Naming | undefined {
  const args = node.childForFieldName('arguments')?.namedChildren ?? [];
  const [words, last] = [args[0], args.at(-1)];
  if (words?.type !== 'string' || !CALLABLE.has(last?.type ?? '')) return undefined;
  return { name: unquoted(words.text), kind: 'function' };
}

/** C++'s `geometry`, but not PHP's `Shop\Http`. */
function ofNamespace(node: Node): Naming {
  const name = node.childForFieldName('name');
  return { name: name?.type === 'namespace_name' ? undefined : name?.text };
}

/** Go names the receiver's type: `Type.Method`. */
function ofMethod(node: Node): Naming {
  const name = textOfField(node, 'name');
  const receiver = /\*?\s*(\w+)\s*(?:\[[^\]]*\])?\s*\)$/.exec(textOfField(node, 'receiver')?.slice(0, 200) ?? '')?.[1];
  return { name: receiver === undefined ? name : `${receiver}.${name ?? ''}` };
}

function ofImpl(node: Node): Naming {
  const type = textOfField(node, 'type');
  const trait = textOfField(node, 'trait');
  return { name: `impl ${trait === undefined ? '' : `${trait} for `}${type ?? ''}`, prefix: type };
}

/** C, C++, Java and C# wrap a declared name in declarators. */
function declaredName(node: Node): string | undefined {
  let inner: Node | null | undefined = node;
  for (let depth = 0; depth < MAX_DECLARATOR_DEPTH; depth++) {
    const next: Node | null | undefined =
      inner.childForFieldName('declarator') ??
      inner.namedChildren.find((child) => child !== null && /^variable_declarat|_declarator$/.test(child.type));
    if (next === null || next === undefined) break;
    inner = next;
  }
  if (inner === node) return undefined;
  return inner.type === 'qualified_identifier' ? inner.text : (textOfField(inner, 'name') ?? inner.text);
}

function textOfField(node: Node | null | undefined, field: string): string | undefined {
  const text = node?.childForFieldName(field)?.text;
  return text === undefined ? undefined : unquoted(text);
}

function textOfChild(node: Node, type: string): string | undefined {
  return node.namedChildren.find((child) => child?.type === type)?.text;
}

function unquoted(text: string): string {
  return /^(['"`]).*\1$/s.test(text) ? text.slice(1, -1) : text;
}

function shorten(name: string | undefined): string | undefined {
  const line = name
    ?.slice(0, MAX_NAME_LENGTH * 2)
    .replace(/\s+/g, ' ')
    .trim();
  return line === undefined || line === '' ? undefined : line.slice(0, MAX_NAME_LENGTH);
}
