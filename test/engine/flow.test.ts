import assert from 'node:assert/strict';
import { isEngineError } from '../../src/engine/errors.ts';
import { Gate, Load } from '../../src/engine/flow.ts';

/** Whether a promise has settled once all microtasks ran. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(
    () => (settled = true),
    () => (settled = true),
  );
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

const never = new AbortController().signal;

describe('gate', () => {
  it('lets pass while open, holds while closed and lets go when opened again', async () => {
    const gate = new Gate();
    await gate.passed(never);
    gate.close();
    const waiting = gate.passed(never);
    assert.equal(await isSettled(waiting), false);
    gate.open();
    await waiting;
  });

  it('rejects with cancelled when the signal fires while it is closed', async () => {
    const gate = new Gate();
    gate.close();
    const controller = new AbortController();
    const waiting = gate.passed(controller.signal);
    controller.abort();
    await assert.rejects(waiting, (e) => isEngineError(e, 'cancelled'));
    await assert.rejects(gate.passed(controller.signal), (e) => isEngineError(e, 'cancelled'));
  });
});

describe('load', () => {
  it('has room again when enough is released, and never counts a ticket twice', async () => {
    const load = new Load(10);
    const first = load.take(6);
    await load.room(never);
    const second = load.take(6);
    const waiting = load.room(never);
    assert.equal(await isSettled(waiting), false);
    second.release();
    second.release();
    await waiting;
    first.resize(10);
    assert.equal(await isSettled(load.room(never)), false);
    first.resize(9);
    await load.room(never);
  });
});
