// Stage 1, data: what a program wrote or fetched, which drowns what people wrote. Invariant: a name is listed only where it can
// hardly be source (`lib/`, `bin/`, `env/`, `packages/` and `build/` often are); `.gitignore` says the rest. Syntax: see nameRules.ts.

export const NOISE_RULES: readonly string[] = [
  // Version control
  '.git/',
  '.git', // the file of a worktree or submodule
  '.hg/',
  '.svn/',
  '.bzr/',
  '.jj/',

  // Dependencies
  'node_modules/',
  'bower_components/',
  'jspm_packages/',
  '.pnpm-store/',
  '.yarn/',
  '.pnp.*',
  '.venv/',
  'site-packages/',
  '__pypackages__/',
  '.eggs/',
  '*.egg-info/',
  '*.dist-info/',
  '.bundle/',
  'vendor/bundle/',
  'Carthage/Build/',
  'elm-stuff/',
  '.dart_tool/',
  '.pub-cache/',
  '.stack-work/',
  'dist-newstyle/',
  '.terraform/',
  '.serverless/',

  // Build output and caches
  '.next/',
  '.nuxt/',
  '.output/',
  '.svelte-kit/',
  '.astro/',
  '.docusaurus/',
  '.angular/',
  '.expo/',
  '.turbo/',
  '.nx/',
  '.cache/',
  '.parcel-cache/',
  '.vercel/',
  '.netlify/',
  '.gradle/',
  '.build/',
  '.bloop/',
  '.metals/',
  '.ccls-cache/',
  'cmake-build-*/',
  'CMakeFiles/',
  'DerivedData/',
  'xcuserdata/',
  '__pycache__/',
  '.mypy_cache/',
  '.pytest_cache/',
  '.ruff_cache/',
  '.hypothesis/',
  '.tox/',
  '.nox/',
  '.ipynb_checkpoints/',
  '.nyc_output/',
  'htmlcov/',
  'lcov-report/',
  '.eslintcache',
  '.stylelintcache',
  '*.tsbuildinfo',

  // Editors and systems
  '.idea/',
  '.vs/',
  '.vscode-test/',
  '.history/',
  '.DS_Store',
  'Thumbs.db',
  'desktop.ini',
  '*.swp',

  // Lock files
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
  'deno.lock',
  'Cargo.lock',
  'composer.lock',
  'Gemfile.lock',
  'poetry.lock',
  'uv.lock',
  'pdm.lock',
  'Pipfile.lock',
  'conda-lock.yml',
  'go.sum',
  'go.work.sum',
  'flake.lock',
  'mix.lock',
  'pubspec.lock',
  'Podfile.lock',
  'Cartfile.resolved',
  'Package.resolved',
  'packages.lock.json',
  'project.assets.json',
  'gradle.lockfile',
  'paket.lock',
  '.terraform.lock.hcl',

  // Minified, bundled and mapped
  '*.min.{js,mjs,cjs,css}',
  '*-min.{js,css}',
  '*.{bundle,chunk}.{js,mjs,cjs,css}',
  '*.{js,mjs,cjs,ts,mts,cts,css}.map',

  // Generated
  '*.pb.{go,cc,h,swift,dart}',
  '*.pb.gw.go',
  '*_pb2.{py,pyi}',
  '*_pb2_grpc.py',
  '*_pb.{js,ts,d.ts}',
  '*.{g,freezed}.dart',
  '*.{g,g.i,designer}.cs',
  'zz_generated*.go',
  '*.snap',
  'vectorscope-export.*', // what Export Analysis suggests, and what an export under way writes to

  // Pictures that are text
  '*.svg',
  '*.eps',

  // Logs of package managers
  '{npm,yarn,pnpm,lerna}-{debug,error}.log*',
];

/** Folders (in lower case) that are output only in the right company: beside one of these names. */
export const NOISE_BESIDE: Readonly<Record<string, readonly string[]>> = {
  dist: ['src', 'tsconfig.json', 'setup.py', 'pyproject.toml'],
  out: ['src'],
  target: ['Cargo.toml', 'pom.xml', 'build.sbt', 'project.clj'],
  build: ['build.gradle', 'build.gradle.kts', 'pubspec.yaml', 'setup.py'],
  vendor: ['go.mod', 'composer.json', 'Gemfile'],
  deps: ['mix.exs'],
  _build: ['mix.exs', 'dune-project', 'rebar.config', 'conf.py'],
  pods: ['Podfile'],
};

/** A folder that holds one of these is a cache, an environment or a build tree, whatever its name. */
export const NOISE_HOLDING: readonly string[] = [
  'CACHEDIR.TAG',
  'pyvenv.cfg',
  'conda-meta',
  'CMakeCache.txt',
  'lcov.info',
  'coverage-final.json',
];
