// Beside an editor the model runs at low priority, and on battery as the setting says.
import assert from 'node:assert/strict';
import os from 'node:os';
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import type { EngineConfig, EngineStatus } from '../../src/protocol/engineApi.ts';
import { inferenceChildren } from '../support/inferenceChildren.ts';
import { distFolder, modelsFolder } from '../support/paths.ts';
import { createWorkspace, until, type TestWorkspace } from '../support/workspace.ts';

describe('an engine beside an editor', function () {
  this.timeout(60_000);
  let workspace: TestWorkspace;
  let engine: Engine;
  let plugged = true;
  let statuses: EngineStatus[] = [];

  async function start(background: EngineConfig['background']): Promise<void> {
    statuses = [];
    plugged = true;
    const power = { read: () => Promise.resolve(!plugged), everyMs: 5 };
    engine = createEngine({ resources: { distFolder, modelsFolder }, onStatus: (status) => statuses.push(status), onIndexed: () => undefined, power }); // prettier-ignore
    await engine.configure({
      roots: [{ folder: workspace.folder, prefix: '' }], storageFolder: workspace.storageFolder, model: 'minilm', include: [], exclude: [],
      maxFileBytes: 1 << 20, maxConcurrency: 2, language: 'en', ...(background && { background }),
    }); // prettier-ignore
  }

  beforeEach(() => {
    const words = (i: number): string => `# Note ${i}\n\n${`Some words about the thing number ${i}. `.repeat(60)}\n`;
    workspace = createWorkspace(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`n${i}.md`, words(i)])));
  });
  afterEach(async () => {
    await engine.close();
    workspace.remove();
  });

  const done = (): number => engine.status().progress?.documentsDone ?? 0;

  it('runs the model below the priority of other programs, and at theirs from the terminal', async () => {
    for (const background of [{ onBattery: 'full' }, undefined] as const) {
      await start(background);
      await engine.embed({ texts: ['a text'] });
      const priorities = inferenceChildren().map((pid) => os.getPriority(pid));
      assert.ok(priorities.length > 0);
      for (const priority of priorities) assert.equal(priority > os.getPriority(), background !== undefined);
      await engine.close();
    }
  });

  it('waits on battery for the mains, says so, and goes on by itself', async () => {
    await start({ onBattery: 'pause' });
    const run = engine.index({});
    await until(() => done() >= 2);
    plugged = false;
    await until(() => engine.status().phase === 'paused');
    assert.equal(engine.status().onBattery, 'paused');
    plugged = true;
    assert.equal((await run).documents, 40);
    assert.equal(engine.status().onBattery, undefined);
  });

  it('goes on on battery when the user says so', async () => {
    await start({ onBattery: 'pause' });
    const run = engine.index({});
    await until(() => done() >= 2);
    plugged = false;
    await until(() => engine.status().phase === 'paused');
    engine.resume();
    assert.equal(engine.status().onBattery, undefined);
    assert.equal((await run).documents, 40);
  });

  it('gives work to one process on battery, and never asks when it need not care', async () => {
    await start({ onBattery: 'gentle' });
    plugged = false;
    const run = engine.index({});
    await until(() => engine.status().onBattery === 'gentle');
    await until(() => done() >= 5);
    assert.equal((await run).documents, 40);
    assert.ok(statuses.some(({ onBattery }) => onBattery === 'gentle'));
    assert.equal(engine.status().onBattery, undefined);
  });
});
