import assert from 'node:assert/strict';
import { compileNameRules, matchAnywhere } from '../../../src/engine/source/nameRules.ts';
import { NOISE_RULES } from '../../../src/engine/source/noiseRules.ts';
import { SECURITY_EXCEPTIONS, SECURITY_RULES } from '../../../src/engine/source/securityRules.ts';
import { compileSettingGlobs } from '../../../src/engine/source/settingGlobs.ts';

const security = compileNameRules(SECURITY_RULES, SECURITY_EXCEPTIONS);
const noise = compileNameRules(NOISE_RULES);

describe('the security list', () => {
  const secrets = `.env .env.local .env.production .envrc prod.env .envs/.local server.pem tls/server.KEY store.jks a.p12 a.pfx
    id_rsa id_rsa.pub id_ed25519 github_rsa .ssh/config home/.aws/credentials .gnupg/trustdb .netrc .npmrc sub/.pypirc
    terraform.tfstate terraform.tfstate.backup prod.tfvars kubeconfig .kube/config .docker/config.json .git-credentials .htpasswd
    credentials credentials.json config/credentials.yml secrets.yaml client_secret_1.json .bash_history db.kdbx a.crt
    .cargo/credentials.toml .config/gcloud/x.db`;
  for (const path of secrets.split(/\s+/)) it(`holds ${path}`, () => assert.ok(matchAnywhere(security, path)));

  const open = `.env.example .env.sample .env.template .env.local.example .env.dist env.ts environment.ts src/credentials/store.go
    credentials.ts Credentials/Login.swift secrets.ts secrets/manager.go keys.ts key.go token.ts monkey.md
    config.json docker/config.json cmd/kubeconfig/main.go id_rsa_parser.ts keystore.ts pem.rs password.ts example.env`;
  for (const path of open.split(/\s+/)) {
    it(`does not hold ${path}`, () => assert.equal(matchAnywhere(security, path), undefined));
  }
});

describe('the noise list', () => {
  const noisy = `node_modules/a.js a/node_modules/b/c.js .git/HEAD package-lock.json sub/yarn.lock Cargo.lock go.sum a.min.js
    a.min.css app.bundle.js app.js.map a.d.ts.map a.pb.go x_pb2.py __pycache__/a.pyc .next/x .venv/x Form.Designer.cs a.g.dart
    pic.svg .DS_Store tsconfig.tsbuildinfo pkg.egg-info/SOURCES.txt npm-debug.log`;
  for (const path of noisy.split(/\s+/)) it(`holds ${path}`, () => assert.ok(matchAnywhere(noise, path)));

  const wanted = `lib/typescript.js dist/a.js build/gulpfile.js out/a.ts bin/run src/venv/core.py packages/a/i.ts vendor/a.go
    target/x.ts a.d.ts admin.js mapping.map env/a.py README.md .gitignore .vscode/settings.json .github/workflows/ci.yml
    generated/a.ts lock.ts package.json coverage/a.ts deps/v8.gyp pods/pod.go test/fixtures/a.json minify.js snapshot.ts`;
  for (const path of wanted.split(/\s+/)) {
    it(`does not hold ${path}`, () => assert.equal(matchAnywhere(noise, path), undefined));
  }

  it('has no rule twice', () => {
    for (const rules of [NOISE_RULES, SECURITY_RULES]) assert.equal(new Set(rules).size, rules.length);
  });
});

describe('globs of the settings', () => {
  for (const [glob, matching, others] of [
    ['**/x', 'x a/x a/x/b.ts x/y/z', 'xy a/yx'],
    ['docs', 'docs docs/a.md a/docs/b.md', 'docs.md mydocs/a'],
    ['docs/', 'docs docs/a.md a/docs/b.md', 'docs.md'],
    ['*.md', 'a.md b/c.md .x.md', 'a.mdx'],
    ['/a.ts', 'a.ts', 'b/a.ts'],
    ['./src', 'src src/a.ts', 'b/src/a.ts'],
    ['src/*.ts', 'src/a.ts', 'src/b/a.ts b/src/a.ts'],
    ['src/**', 'src src/a.ts src/b/.c', 'a/src/b'],
    ['**/*.{ts,js}', 'a.ts b/c.js', 'a.tsx'],
    ['{a,b}/c', 'a/c b/c/d', 'c d/c'],
    ['!a', '!a', 'a b'],
    ['a b', 'a b c/a b/d', 'a'],
  ] as const) {
    it(`${glob} means ${matching}`, () => {
      const globs = compileSettingGlobs([], [glob], '');
      const paths = (list: string) => (glob === 'a b' ? ['a b', 'c/a b/d'] : list.split(' '));
      for (const path of paths(matching)) assert.equal(globs.excludedBy(path), glob, path);
      for (const path of others.split(' ')) assert.equal(globs.excludedBy(path), undefined, path);
    });
  }

  it('may be blank, which means nothing', () => {
    const globs = compileSettingGlobs(['', ' '], ['', '/', './'], '');
    assert.equal(globs.excludedBy('a'), undefined);
    assert.ok(globs.includes('a'));
  });

  it('may be broken, and then match nothing else', () => {
    for (const glob of ['[', '{a', '(', '**[', '\\', '+(', 'a{1..99999}']) {
      assert.equal(compileSettingGlobs([], [glob], '').excludedBy('other'), undefined, glob);
    }
  });
});
