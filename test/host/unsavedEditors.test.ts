import assert from 'node:assert/strict';
import { EngineError } from '../../src/engine/errors.ts';
import { UnsavedEditors, type OpenDocument } from '../../src/host/unsavedEditors.ts';
import { mayFindUnsaved, type World } from '../../src/host/world.ts';
import type { UnsavedText } from '../../src/protocol/engineApi.ts';
import { until } from './support/until.ts';

const NEVER_MS = 1_000_000;

class FakeDocument implements OpenDocument {
  readonly languageId = 'markdown';
  version = 1;
  isDirty = false;
  now: string | undefined = 'saved';

  constructor(readonly path = 'a.md') {}

  type(text: string): this {
    this.now = text;
    this.version++;
    this.isDirty = true;
    return this;
  }

  text(): string | undefined {
    return this.now;
  }
}

function start(delays = { typingMs: 1, takenBackMs: 1 }) {
  const told: UnsavedText[] = [];
  const warnings: string[] = [];
  const open: FakeDocument[] = [new FakeDocument()];
  const answer = { mayTell: true, tell: (): Promise<boolean> => Promise.resolve(true) };
  const unsaved = new UnsavedEditors(
    {
      mayTell: () => answer.mayTell,
      tell: (text) => {
        told.push(text);
        return answer.tell();
      },
      open: () => open,
      warn: (message) => warnings.push(message),
    },
    delays,
  );
  const [document] = open;
  assert.ok(document);
  return { unsaved, told, warnings, open, answer, document };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
const typed = (text: string): UnsavedText => ({ path: 'a.md', languageId: 'markdown', text });

describe('text of editors', () => {
  it('is told once, when the typing pauses', async () => {
    const { unsaved, told, document } = start({ typingMs: 15, takenBackMs: 1 });
    for (const text of ['o', 'on', 'one']) unsaved.changed(document.type(text));
    assert.deepEqual(told, []);
    await until(() => told.length > 0);
    await settle();
    assert.deepEqual(told, [typed('one')]);
  });

  it('is told as it is when the file is saved, with what was typed since, and never taken back', async () => {
    const { unsaved, told, document } = start();
    unsaved.changed(document.type('one'));
    await until(() => told.length === 1);
    unsaved.changed(document.type('two'));
    document.isDirty = false;
    unsaved.changed(document); // VS Code tells this before it tells of the save
    unsaved.saved(document);
    await settle();
    assert.deepEqual(told, [typed('one'), { ...typed('two'), onDisk: true }]);
    unsaved.closed(document);
    await settle();
    assert.equal(told.length, 2);
  });

  it('is not told when it is saved before the typing pauses', async () => {
    const { unsaved, told, document } = start({ typingMs: NEVER_MS, takenBackMs: 1 });
    unsaved.changed(document.type('one'));
    document.isDirty = false;
    unsaved.changed(document);
    unsaved.saved(document);
    await settle();
    assert.deepEqual(told, []);
  });

  it('stays when the document was typed into while it was saved', async () => {
    const { unsaved, told, document } = start();
    unsaved.changed(document.type('one'));
    await until(() => told.length === 1);
    unsaved.changed(document.type('two'));
    unsaved.saved(document);
    await until(() => told.length === 2);
    assert.deepEqual(told[1], typed('two'));
  });

  it('is taken back when it is reverted, and when it is closed without saving', async () => {
    const { unsaved, told, document } = start();
    unsaved.changed(document.type('one'));
    await until(() => told.length === 1);
    document.isDirty = false;
    unsaved.changed(document);
    await until(() => told.length === 2);
    assert.deepEqual(told[1], { path: 'a.md' });
    unsaved.changed(document.type('two'));
    await until(() => told.length === 3);
    document.isDirty = false; // the editor lets go of the text before it closes
    unsaved.changed(document);
    unsaved.closed(document);
    assert.deepEqual(told[3], { path: 'a.md' });
    await settle();
    assert.equal(told.length, 4);
  });

  it('is told again to an engine that knows nothing of it', async () => {
    const { unsaved, told, document, open } = start();
    open.push(new FakeDocument('clean.md'), new FakeDocument('dirty.md').type('x'));
    unsaved.changed(document.type('one'));
    await until(() => told.length === 1);
    unsaved.tellAll();
    await until(() => told.length === 3);
    assert.deepEqual(told.map(({ path }) => path).sort(), ['a.md', 'a.md', 'dirty.md']);
  });

  it('of a file that is not in the index yet is told once it is', async () => {
    const { unsaved, told, document, answer } = start();
    answer.tell = () => Promise.resolve(false);
    unsaved.changed(document.type('one'));
    await until(() => told.length === 1);
    await settle();
    answer.tell = () => Promise.resolve(true);
    unsaved.indexed(['b.md']);
    await settle();
    assert.equal(told.length, 1);
    unsaved.indexed(['b.md', 'a.md']);
    await until(() => told.length === 2);
    unsaved.indexed(['a.md']); // the engine's own news of it
    await settle();
    assert.equal(told.length, 2);
  });

  it('that grew too long is found as it was saved', async () => {
    const { unsaved, told, document } = start();
    unsaved.changed(document.type('one'));
    await until(() => told.length === 1);
    document.type('').now = undefined;
    unsaved.changed(document);
    await until(() => told.length === 2);
    assert.deepEqual(told[1], { path: 'a.md' });
  });

  it('that the engine fails on is warned of, unless a newer text replaced it', async () => {
    const { unsaved, told, warnings, document, answer } = start();
    answer.tell = () => Promise.reject(new EngineError('cancelled'));
    unsaved.changed(document.type('one'));
    await until(() => told.length === 1);
    await settle();
    assert.deepEqual(warnings, []);
    answer.tell = () => Promise.reject(new EngineError('weights-missing'));
    unsaved.changed(document.type('two'));
    await until(() => warnings.length === 1);
  });

  it('goes to no engine whose texts go to a service, nor before there is an index', async () => {
    const { unsaved, told, document, answer } = start();
    answer.mayTell = false;
    unsaved.changed(document.type('one'));
    await settle();
    assert.deepEqual(told, []);
    const status = { phase: 'idle' } as World['status'];
    const local: World = { hasFolder: true, virtual: false, trusted: true, optedIn: true, hasSnippets: false, engineState: 'running', status }; // prettier-ignore
    assert.equal(mayFindUnsaved(local), true);
    const remote = { ...status, remote: { provider: 'openai' } } as World['status'];
    for (const other of [
      { status: remote },
      { optedIn: false },
      { trusted: false },
      { status: undefined },
      { engineState: 'restarting' as const },
    ])
      // prettier-ignore
      assert.equal(mayFindUnsaved({ ...local, ...other }), false);
  });
});
