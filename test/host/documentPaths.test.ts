import assert from 'node:assert/strict';
import { DocumentPaths, rootsOf, type FolderLike } from '../../src/host/documentPaths.ts';

function folder(name: string, fsPath: string, scheme = 'file'): FolderLike {
  return { name, uri: { scheme, fsPath } };
}

describe('paths of documents', () => {
  it('are relative to a single folder', () => {
    const paths = new DocumentPaths(rootsOf([folder('app', '/work/app')]));
    assert.equal(paths.pathOf('/work/app/src/a.ts'), 'src/a.ts');
    assert.equal(paths.fileOf('src/a.ts'), '/work/app/src/a.ts');
    assert.equal(paths.pathOf('/work/app'), '');
  });

  it('start with the name of the folder where there are several', () => {
    const paths = new DocumentPaths(rootsOf([folder('app', '/work/app'), folder('docs', '/work/docs')]));
    assert.equal(paths.pathOf('/work/docs/a.md'), 'docs/a.md');
    assert.equal(paths.fileOf('docs/a.md'), '/work/docs/a.md');
    assert.equal(paths.fileOf('other/a.md'), undefined);
  });

  it('stay apart where folders have the same name', () => {
    const roots = rootsOf([folder('app', '/a/app'), folder('app', '/b/app'), folder('x/y', '/c')]);
    assert.deepEqual(
      roots.map(({ prefix }) => prefix),
      ['app/', 'app~2/', 'x_y/'],
    );
  });

  it('belong to the innermost folder', () => {
    const paths = new DocumentPaths(rootsOf([folder('app', '/work/app'), folder('sub', '/work/app/sub')]));
    assert.equal(paths.pathOf('/work/app/sub/a.ts'), 'sub/a.ts');
    assert.equal(paths.pathOf('/work/app/b.ts'), 'app/b.ts');
  });

  it('are undefined outside the workspace, also beside a folder whose name starts alike', () => {
    const paths = new DocumentPaths(rootsOf([folder('app', '/work/app')]));
    assert.equal(paths.pathOf('/work/application/a.ts'), undefined);
    assert.equal(paths.pathOf('/etc/passwd'), undefined);
    assert.equal(new DocumentPaths([]).pathOf('/a'), undefined);
  });

  it('leave out folders that are on no disk', () => {
    assert.deepEqual(rootsOf([folder('gh', '/repo', 'vscode-vfs')]), []);
    assert.deepEqual(rootsOf([folder('gh', '/repo', 'vscode-vfs'), folder('app', '/work/app')]), [
      { folder: '/work/app', prefix: '' },
    ]);
  });

  it('ignore the case of letters where the disk does', () => {
    const paths = new DocumentPaths([{ folder: '/Work/App', prefix: '' }], true);
    assert.equal(paths.pathOf('/work/app/Src/a.ts'), 'Src/a.ts');
  });

  for (const outside of ['../a.ts', 'src/../../a.ts', '/etc/passwd', '', 'a\0b', 'src/..']) {
    it(`never lead out of the workspace: ${JSON.stringify(outside)}`, () => {
      assert.equal(new DocumentPaths([{ folder: '/work/app', prefix: '' }]).fileOf(outside), undefined);
    });
  }

  it('work in a root of the file system', () => {
    const paths = new DocumentPaths([{ folder: '/', prefix: '' }]);
    assert.equal(paths.pathOf('/a/b.ts'), 'a/b.ts');
  });
});
