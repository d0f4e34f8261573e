// Stage 2, code, data: which nodes of each grammar are definitions. Cost: none.
import type { ChunkKind } from '../../model.ts';

export interface Definition {
  readonly kind: ChunkKind;
  /** A member or constant that stands alone only when it is large. */
  readonly isMinor?: true;
  /** A mere wrapping (namespace, include guard): its content is chunked as if it stood outside. */
  readonly isOpen?: true;
}

export interface SyntaxLanguage {
  readonly grammar: string;
  /** Between the names of a symbol: `Class.method`, `Class::method`. */
  readonly separator: '.' | '::';
  readonly definitions: Readonly<Record<string, Definition>>;
  /** Nodes around a definition that belong to it: `export`, decorators, templates. */
  readonly wrappers: ReadonlySet<string>;
}

/** Nodes above a definition that belong to it. */
export const LEADS: ReadonlySet<string> = new Set([
  'comment',
  'line_comment',
  'block_comment',
  'doc_comment',
  'decorator',
  'attribute_item',
  'attribute_list',
  'annotation',
]);

const FUNCTION: Definition = { kind: 'function' };
const METHOD: Definition = { kind: 'method' };
const CLASS: Definition = { kind: 'class' };
const CODE: Definition = { kind: 'code', isMinor: true };
const MEMBER: Definition = { kind: 'method', isMinor: true };
const OPEN: Definition = { kind: 'code', isOpen: true };

const ecmaScript: Omit<SyntaxLanguage, 'grammar'> = {
  separator: '.',
  wrappers: new Set(['export_statement', 'ambient_declaration', 'expression_statement']),
  definitions: {
    function_declaration: FUNCTION,
    generator_function_declaration: FUNCTION,
    function_signature: { kind: 'function', isMinor: true },
    class_declaration: CLASS,
    abstract_class_declaration: CLASS,
    interface_declaration: CLASS,
    enum_declaration: CLASS,
    type_alias_declaration: CODE,
    internal_module: OPEN,
    module: OPEN,
    method_definition: METHOD,
    method_signature: MEMBER,
    abstract_method_signature: MEMBER,
    property_signature: MEMBER,
    call_signature: MEMBER,
    construct_signature: MEMBER,
    public_field_definition: MEMBER,
    field_definition: MEMBER,
    lexical_declaration: CODE,
    variable_declaration: CODE,
    assignment_expression: CODE,
    pair: CODE,
    call_expression: CODE,
  },
};

const cFamily: Omit<SyntaxLanguage, 'grammar'> = {
  separator: '::',
  wrappers: new Set(['template_declaration']),
  definitions: {
    function_definition: FUNCTION,
    class_specifier: CLASS,
    struct_specifier: CLASS,
    union_specifier: CLASS,
    enum_specifier: CLASS,
    type_definition: CODE,
    concept_definition: CODE,
    alias_declaration: CODE,
    preproc_def: CODE,
    preproc_function_def: CODE,
    declaration: CODE,
    field_declaration: MEMBER,
    namespace_definition: OPEN,
    linkage_specification: OPEN,
    preproc_ifdef: OPEN,
    preproc_if: OPEN,
    preproc_else: OPEN,
  },
};

const css: Omit<SyntaxLanguage, 'grammar'> = {
  separator: '.',
  wrappers: new Set(),
  definitions: {
    rule_set: CODE,
    media_statement: OPEN,
    supports_statement: OPEN,
    keyframes_statement: CODE,
    at_rule: CODE,
  },
};

const python: SyntaxLanguage = {
  grammar: 'python',
  separator: '.',
  wrappers: new Set(['decorated_definition', 'expression_statement']),
  definitions: { function_definition: FUNCTION, class_definition: CLASS, assignment: CODE, type_alias_statement: CODE },
};

const go: SyntaxLanguage = {
  grammar: 'go',
  separator: '.',
  wrappers: new Set(),
  definitions: {
    function_declaration: FUNCTION,
    method_declaration: METHOD,
    type_declaration: CLASS,
    const_declaration: CODE,
    var_declaration: CODE,
  },
};

const rust: SyntaxLanguage = {
  grammar: 'rust',
  separator: '::',
  wrappers: new Set(),
  definitions: {
    function_item: FUNCTION,
    function_signature_item: MEMBER,
    struct_item: CLASS,
    enum_item: CLASS,
    union_item: CLASS,
    trait_item: CLASS,
    impl_item: CLASS,
    mod_item: OPEN,
    macro_definition: FUNCTION,
    const_item: CODE,
    static_item: CODE,
    type_item: CODE,
  },
};

const java: SyntaxLanguage = {
  grammar: 'java',
  separator: '.',
  wrappers: new Set(),
  definitions: {
    class_declaration: CLASS,
    interface_declaration: CLASS,
    enum_declaration: CLASS,
    record_declaration: CLASS,
    annotation_type_declaration: CLASS,
    method_declaration: METHOD,
    constructor_declaration: METHOD,
    compact_constructor_declaration: METHOD,
    field_declaration: MEMBER,
  },
};

const csharp: SyntaxLanguage = {
  grammar: 'c-sharp',
  separator: '.',
  wrappers: new Set(['global_statement']),
  definitions: {
    namespace_declaration: OPEN,
    class_declaration: CLASS,
    struct_declaration: CLASS,
    interface_declaration: CLASS,
    record_declaration: CLASS,
    enum_declaration: CLASS,
    method_declaration: METHOD,
    constructor_declaration: METHOD,
    destructor_declaration: METHOD,
    operator_declaration: METHOD,
    local_function_statement: FUNCTION,
    property_declaration: MEMBER,
    field_declaration: MEMBER,
    delegate_declaration: CODE,
  },
};

const ruby: SyntaxLanguage = {
  grammar: 'ruby',
  separator: '.',
  wrappers: new Set(),
  definitions: {
    module: OPEN,
    class: CLASS,
    singleton_class: CLASS,
    method: FUNCTION,
    singleton_method: METHOD,
    assignment: CODE,
  },
};

const php: SyntaxLanguage = {
  grammar: 'php',
  separator: '::',
  wrappers: new Set(),
  definitions: {
    namespace_definition: OPEN,
    class_declaration: CLASS,
    interface_declaration: CLASS,
    trait_declaration: CLASS,
    enum_declaration: CLASS,
    function_definition: FUNCTION,
    method_declaration: METHOD,
    property_declaration: MEMBER,
    const_declaration: CODE,
  },
};

const bash: SyntaxLanguage = {
  grammar: 'bash',
  separator: '.',
  wrappers: new Set(),
  definitions: { function_definition: FUNCTION, variable_assignment: CODE },
};

const powershell: SyntaxLanguage = {
  grammar: 'powershell',
  separator: '.',
  wrappers: new Set(),
  definitions: { function_statement: FUNCTION, class_statement: CLASS, class_method_definition: METHOD },
};

/** By VS Code's language id. C is read with C++'s grammar: there is no other, and it knows nearly all of C. */
export const SYNTAX_LANGUAGES: Readonly<Record<string, SyntaxLanguage>> = {
  typescript: { ...ecmaScript, grammar: 'typescript' },
  typescriptreact: { ...ecmaScript, grammar: 'tsx' },
  javascript: { ...ecmaScript, grammar: 'javascript' },
  javascriptreact: { ...ecmaScript, grammar: 'javascript' },
  c: { ...cFamily, grammar: 'cpp' },
  cpp: { ...cFamily, grammar: 'cpp' },
  'cuda-cpp': { ...cFamily, grammar: 'cpp' },
  css: { ...css, grammar: 'css' },
  scss: { ...css, grammar: 'css' },
  less: { ...css, grammar: 'css' },
  python,
  go,
  rust,
  java,
  csharp,
  ruby,
  php,
  shellscript: bash,
  powershell,
};
