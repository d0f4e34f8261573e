import assert from 'node:assert/strict';
import { EngineError } from '../../src/engine/errors.ts';
import type { Hit, SearchFilter } from '../../src/engine/model.ts';
import { NO_FILTER } from '../../src/protocol/viewApi.ts';
import { SimilarFollower, type Empty, type FollowTarget, type NextAnswer } from '../../src/host/similarFollower.ts';
import { deferred } from './support/deferred.ts';
import { hit, target } from './support/hits.ts';
import { until } from './support/until.ts';

/** A follower over an editor and an engine that the test moves by hand. */
function start(follows = true) {
  const world = {
    cursor: { empty: 'nothing-selected' } as FollowTarget | Empty,
    document: { empty: 'nothing-selected' } as FollowTarget | Empty,
    look: (): Promise<FollowTarget | Empty> => Promise.resolve(world.cursor),
    /** Where the cursor stands. */
    place: 'start',
    asked: [] as { target: FollowTarget; top: number; filter: SearchFilter; signal: AbortSignal }[],
    answer: async (asked: FollowTarget): Promise<readonly Hit[] | NextAnswer | Empty> =>
      Promise.resolve([hit(`near ${asked.path}`)]),
  };
  const follower = new SimilarFollower(
    {
      look: (mode) => (mode === 'next' ? Promise.resolve(world.document) : world.look()),
      where: () => world.place,
      find: (asked, wanted, signal) => {
        world.asked.push({ target: asked, ...wanted, signal });
        return world.answer(asked);
      },
      explain: (error) => `sentence for ${String(error)}`,
      top: () => 20,
      follows: () => follows,
      changed: () => undefined,
    },
    { followMs: 1, refreshMs: 1 },
  );
  const shows = (path: string): boolean => follower.view().target?.path === path && !follower.view().busy;
  const moveTo = async (next: FollowTarget): Promise<void> => {
    world.cursor = next;
    follower.cursorMoved(true);
    await until(() => shows(next.path) && follower.view().target?.startLine === next.startLine);
  };
  return { follower, world, shows, moveTo };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

describe('the Similar tab', () => {
  it('asks again with a filter, and keeps it for the next target', async () => {
    const { follower, world, moveTo } = start();
    follower.setVisible(true);
    await moveTo(target('a'));
    await follower.setFilter({ ...NO_FILTER, languageId: 'go' });
    assert.deepEqual(world.asked.at(-1)?.filter, { paths: [], languageIds: ['go'] });
    await moveTo(target('b'));
    assert.deepEqual(world.asked.at(-1)?.filter.languageIds, ['go']);
    assert.equal(follower.view().filter.languageId, 'go');
  });

  it('keeps the hits shown when the budget lets the question not be asked again', async () => {
    const { follower, world, moveTo } = start();
    follower.setVisible(true);
    await moveTo(target('a'));
    world.answer = () => Promise.reject(new EngineError('budget-reached', {}));
    await follower.refresh();
    assert.deepEqual([follower.view().hits.length, follower.view().problem, follower.view().busy], [1, undefined, false]); // prettier-ignore
    await moveTo(target('b'));
    assert.equal(follower.view().hits.length, 0);
    assert.match(follower.view().problem ?? '', /budget-reached/);
    follower.dispose();
  });

  it('shows what to read next after the document, and what is similar again', async () => {
    const { follower, world, moveTo } = start();
    follower.setVisible(true);
    await moveTo(target('a'));
    world.document = { ...target('a'), kind: 'file', next: true };
    await follower.setMode('next');
    assert.equal(follower.view().mode, 'next');
    assert.deepEqual([world.asked.at(-1)?.target.next, world.asked.at(-1)?.target.kind], [true, 'file']);
    follower.cursorMoved(true); // within the document
    await settle();
    assert.equal(world.asked.length, 2);
    await follower.setMode('similar');
    assert.deepEqual([follower.view().mode, world.asked.at(-1)?.target.next], ['similar', undefined]);
    follower.dispose();
  });

  it('says how much of the workspace there was to read next, and nothing of it for what is similar', async () => {
    const { follower, world, moveTo } = start();
    const cover = { items: 3, coverage: { indexed: 3, excluded: 0, skipped: 1, failed: 0 }, revision: 7 };
    world.answer = ({ next }) => Promise.resolve(next ? { hits: [hit('b')], cover } : [hit('c')]);
    follower.setVisible(true);
    await moveTo(target('a'));
    assert.equal(follower.view().cover, undefined);
    world.document = { ...target('a'), kind: 'file', next: true };
    await follower.setMode('next');
    assert.deepEqual([follower.view().hits.length, follower.view().cover], [1, cover]);
    world.answer = ({ next }) => Promise.resolve(next ? { hits: [], cover } : [hit('c')]);
    await follower.setMode('similar');
    await follower.setMode('next');
    assert.deepEqual([follower.view().empty, follower.view().cover], ['no-hits', cover]);
    await follower.setMode('similar');
    assert.deepEqual([follower.view().hits.length, follower.view().cover], [1, undefined]);
    follower.dispose();
  });

  it('turns a pinned target into its document, without the cursor', async () => {
    const { follower, world, moveTo } = start();
    follower.setVisible(true);
    await moveTo(target('a'));
    follower.pin(true);
    world.document = { ...target('b'), kind: 'file', next: true };
    await follower.setMode('next');
    const { target: asked } = world.asked.at(-1)!;
    assert.deepEqual([asked.path, asked.kind, asked.next, asked.example.startLine], ['a', 'file', true, undefined]);
    follower.dispose();
  });

  it('takes the mode of the target that a command names, and of the one gone back to', async () => {
    const { follower, world, moveTo } = start();
    follower.setVisible(true);
    await moveTo(target('a'));
    await follower.show({ ...target('b'), next: true });
    assert.equal(follower.view().mode, 'next');
    await follower.goBack();
    assert.deepEqual([follower.view().mode, follower.view().target?.path], ['similar', 'a']);
    assert.equal(world.asked.at(-1)?.target.next, undefined);
    follower.dispose();
  });

  it('asks nothing while it is hidden, and looks at the cursor when it is shown', async () => {
    const { follower, world, shows } = start();
    world.cursor = target('a');
    follower.cursorMoved(true);
    await settle();
    assert.equal(world.asked.length, 0);
    follower.setVisible(true);
    await until(() => shows('a'));
    assert.deepEqual(
      follower.view().hits.map(({ path }) => path),
      ['near a'],
    );
    follower.dispose();
  });

  it('asks once for a burst of moves, and not again for the same place', async () => {
    const { follower, world, moveTo } = start();
    follower.setVisible(true);
    for (let i = 0; i < 10; i++) follower.cursorMoved(true);
    await moveTo(target('a'));
    await moveTo(target('a'));
    await settle();
    assert.equal(world.asked.length, 1);
    follower.dispose();
  });

  it('never shows the answer to a question that was replaced', async () => {
    const { follower, world, shows } = start();
    follower.setVisible(true);
    const slow = deferred<readonly Hit[]>();
    world.answer = (asked) => (asked.path === 'slow' ? slow.promise : Promise.resolve([hit('fast')]));
    void follower.show(target('slow'));
    void follower.show(target('b'));
    slow.resolve([hit('late')]);
    await until(() => shows('b'));
    await settle();
    assert.equal(world.asked[0]?.signal.aborted, true);
    assert.deepEqual(
      follower.view().hits.map(({ path }) => path),
      ['fast'],
    );
    follower.dispose();
  });

  it('asks again where another look at the same place ended the question', async () => {
    const { follower, world, shows } = start();
    const slow = deferred<readonly Hit[]>();
    world.answer = () => (world.asked.length === 1 ? slow.promise : Promise.resolve([hit('near a')]));
    world.cursor = target('a');
    follower.setVisible(true);
    await until(() => world.asked.length === 1);
    follower.cursorMoved(true);
    await until(() => world.asked[0]?.signal.aborted === true);
    slow.resolve([]);
    await until(() => shows('a'));
    assert.equal(follower.view().hits.length, 1);
    follower.dispose();
  });

  it('is not kept from its answer by an index that grows, and asks again after it', async () => {
    const { follower, world, shows } = start();
    follower.setVisible(true);
    const slow = deferred<readonly Hit[]>();
    world.answer = () => slow.promise;
    const shown = follower.show(target('a'));
    for (let i = 0; i < 3; i++) {
      follower.indexed();
      await settle();
    }
    assert.equal(world.asked[0]?.signal.aborted, false);
    slow.resolve([hit('near a')]);
    await shown;
    assert.equal(follower.view().hits.length, 1, 'the command that asked ends with the answer');
    await until(() => world.asked.length === 2 && shows('a'));
    follower.dispose();
  });

  it('goes where the cursor went although the index grows while it looks', async () => {
    const { follower, world, shows, moveTo } = start();
    follower.setVisible(true);
    await moveTo(target('a'));
    const looked = deferred<FollowTarget>();
    world.look = () => looked.promise;
    follower.cursorMoved(true);
    await settle();
    const refreshed = follower.refresh();
    looked.resolve(target('b'));
    await refreshed;
    assert.ok(shows('b'));
    follower.dispose();
  });

  it('stays where it is while pinned, and follows again after', async () => {
    const { follower, world, shows, moveTo } = start();
    follower.setVisible(true);
    await moveTo(target('a'));
    follower.pin(true);
    world.cursor = target('b');
    follower.cursorMoved(true);
    await settle();
    assert.ok(shows('a'));
    follower.pin(false);
    await until(() => shows('b'));
    follower.dispose();
  });

  describe('when a hit is opened from it', () => {
    /** Shows `a` and opens the hit `near a`; the editor tells its moves before, or after, the opening has returned. */
    async function openHit(late: boolean) {
      const started = start();
      const { follower, world, shows, moveTo } = started;
      follower.setVisible(true);
      await moveTo(target('a'));
      const arrive = (): void => {
        world.cursor = target('near a');
        world.place = 'near a, top';
        follower.cursorMoved(false);
        world.place = 'near a';
        follower.cursorMoved(false);
      };
      await follower.holdWhile(() => {
        if (!late) arrive();
        return Promise.resolve('near a');
      });
      if (late) arrive();
      await settle();
      assert.ok(shows('a'));
      return started;
    }

    for (const late of [false, true]) {
      const told = late ? 'told late' : 'told early';
      it(`stays where it is until the user moves the cursor (${told})`, async () => {
        const { follower, shows } = await openHit(late);
        follower.cursorMoved(true);
        await until(() => shows('near a'));
        follower.dispose();
      });

      it(`stays where it is until the cursor jumps, as Go to Definition does (${told})`, async () => {
        const { follower, world, shows } = await openHit(late);
        world.cursor = target('c');
        world.place = 'c';
        follower.cursorMoved(false);
        await until(() => shows('c'));
        follower.dispose();
      });
    }

    it('follows again after a hit that could not be opened', async () => {
      const { follower, world, shows, moveTo } = start();
      follower.setVisible(true);
      await moveTo(target('a'));
      await assert.rejects(
        follower.holdWhile(() => Promise.reject(new Error('gone'))),
        /gone/,
      );
      world.cursor = target('b');
      world.place = 'b';
      follower.cursorMoved(false);
      await until(() => shows('b'));
      follower.dispose();
    });
  });

  it('goes back and stays there until the cursor jumps', async () => {
    const { follower, world, shows, moveTo } = start();
    follower.setVisible(true);
    await moveTo(target('a'));
    await moveTo(target('b'));
    await follower.goBack();
    follower.cursorMoved(false);
    await settle();
    assert.ok(shows('a'));
    world.place = 'elsewhere in b';
    follower.cursorMoved(false);
    await until(() => shows('b'));
    follower.dispose();
  });

  it('does not follow when the setting says so, but shows what a command names', async () => {
    const { follower, world, shows } = start(false);
    follower.setVisible(true);
    world.cursor = target('a');
    follower.cursorMoved(true);
    await follower.show(target('b'));
    await settle();
    assert.ok(shows('b'));
    follower.dispose();
  });

  it('goes back through the last twenty places, not through every step of a growing selection', async () => {
    const { follower, shows, moveTo } = start();
    follower.setVisible(true);
    await moveTo(target('a'));
    await moveTo(target('b', 10, 'selection'));
    await moveTo(target('b', 12, 'selection'));
    await moveTo(target('c'));
    await follower.goBack();
    assert.equal(follower.view().target?.startLine, 12);
    await follower.goBack();
    assert.ok(shows('a'));
    assert.equal(follower.view().canGoBack, false);
    for (let i = 0; i < 30; i++) await follower.show(target(`p${i}`));
    let steps = 0;
    for (; follower.view().canGoBack; steps++) await follower.goBack();
    assert.equal(steps, 20);
    follower.dispose();
  });

  it('hides a hit as long as the target stays, asks for one more instead, and counts it', async () => {
    const { follower, world, moveTo } = start();
    follower.setVisible(true);
    world.answer = () => Promise.resolve([hit('x'), hit('y')]);
    await moveTo(target('a'));
    follower.hide(hit('x'));
    await until(() => world.asked.length === 2 && !follower.view().busy);
    assert.equal(world.asked[1]?.top, 21);
    assert.deepEqual(
      follower.view().hits.map(({ path }) => path),
      ['y'],
    );
    assert.equal(follower.view().hidden, 1);
    await moveTo(target('b'));
    assert.equal(follower.view().hits.length, 2);
    follower.hide(hit('x'));
    follower.unhideAll();
    assert.equal(follower.view().hidden, 0);
    follower.dispose();
  });

  it('asks again when the index changes, as any document may be a new neighbour, but not while it is hidden', async () => {
    const { follower, world, moveTo } = start();
    follower.setVisible(true);
    await moveTo(target('a'));
    follower.indexed();
    follower.indexed();
    await until(() => world.asked.length === 2);
    follower.setVisible(false);
    follower.indexed();
    await settle();
    assert.equal(world.asked.length, 2);
    follower.dispose();
  });

  it('says why there is nothing: no hits, left out, too short, an error', async () => {
    const { follower, world, moveTo } = start();
    follower.setVisible(true);
    world.answer = () => Promise.resolve([]);
    await moveTo(target('a'));
    assert.equal(follower.view().empty, 'no-hits');
    world.answer = () => Promise.resolve({ empty: 'file-left-out', detail: 'may hold secrets' });
    await moveTo(target('.env'));
    assert.equal(follower.view().emptyDetail, 'may hold secrets');
    world.answer = () => Promise.reject(new Error('boom'));
    await moveTo(target('c'));
    assert.equal(follower.view().problem, 'sentence for Error: boom');
    assert.equal(follower.view().busy, false);
    world.cursor = { empty: 'too-short' };
    follower.cursorMoved(true);
    await until(() => follower.view().empty === 'too-short');
    assert.equal(follower.view().target, undefined, 'the reason is not about the place before');
    assert.ok(follower.view().canGoBack);
    follower.dispose();
  });

  it('does not go on saying why there is nothing while it asks for another place', async () => {
    const { follower, world, moveTo } = start();
    follower.setVisible(true);
    world.answer = () => Promise.resolve([]);
    await moveTo(target('a'));
    const slow = deferred<readonly Hit[]>();
    world.answer = () => slow.promise;
    void follower.show(target('b'));
    assert.equal(follower.view().busy, true);
    assert.equal(follower.view().empty, undefined);
    slow.resolve([]);
    follower.dispose();
  });

  it('still answers when the focus goes where there is no text meanwhile', async () => {
    const { follower, world, shows } = start();
    follower.setVisible(true);
    const slow = deferred<readonly Hit[]>();
    world.answer = () => slow.promise;
    const asked = follower.show(target('a'));
    world.cursor = { empty: 'nothing-selected' };
    world.place = '';
    follower.cursorMoved(false);
    await settle();
    slow.resolve([hit('near')]);
    await asked;
    await until(() => shows('a') && follower.view().hits.length === 1);
    follower.dispose();
  });

  it('keeps what it shows when the focus goes where there is no text', async () => {
    const { follower, world, shows, moveTo } = start();
    follower.setVisible(true);
    await moveTo(target('a'));
    world.cursor = { empty: 'nothing-selected' };
    follower.cursorMoved(true);
    await settle();
    assert.ok(shows('a'));
    assert.equal(follower.view().hits.length, 1);
    follower.dispose();
  });
});
