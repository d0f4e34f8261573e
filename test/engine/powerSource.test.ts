import assert from 'node:assert/strict';
import { isOnBattery } from '../../src/engine/powerSource.ts';
import { withTree } from './source/tempTree.ts';

const mains = (online: 0 | 1) => ({ 'AC/type': 'Mains\n', 'AC/online': `${online}\n` });
const battery = (status: string) => ({ 'BAT0/type': 'Battery\n', 'BAT0/status': `${status}\n` });
const mouse = { 'hid/type': 'Battery\n', 'hid/scope': 'Device\n', 'hid/status': 'Discharging\n' };

describe('the power source', () => {
  for (const [what, files, expected] of [
    ['mains', { ...mains(1), ...battery('Charging') }, false],
    ['a battery that discharges', { ...mains(0), ...battery('Discharging') }, true],
    ['a full battery at a dock that says nothing', battery('Full'), false],
    ['USB-C power', { ...mains(0), 'usb/type': 'USB\n', 'usb/online': '1\n', ...battery('Discharging') }, false],
    ['the battery of a mouse only', mouse, undefined],
    ['nothing', { 'x/': '' }, undefined],
  ] as const) {
    it(`on Linux: ${what}`, async () => {
      await withTree(files, async (folder) => {
        const ports = { platform: 'linux' as const, powerSupplyFolder: folder, run: () => Promise.reject(new Error()) };
        assert.equal(await isOnBattery(ports), expected);
      });
    });
  }

  for (const [platform, output, expected] of [
    [
      'darwin',
      "Now drawing from 'Battery Power'\n -InternalBattery-0 (id=1)\t80%; discharging; 3:10 remaining\n",
      true,
    ],
    ['darwin', "Now drawing from 'AC Power'\n -InternalBattery-0 (id=1)\t100%; charged\n", false],
    ['darwin', '', undefined],
    ['win32', '1\r\n', true],
    ['win32', '2\r\n', false],
    ['win32', '1\r\n2\r\n', false],
    ['win32', '\r\n', undefined],
  ] as const) {
    it(`on ${platform}: ${JSON.stringify(output.slice(0, 40))}`, async () => {
      const run = () => Promise.resolve(output);
      assert.equal(await isOnBattery({ platform, powerSupplyFolder: '', run }), expected);
    });
  }

  it('is unknown where it can’t be asked', async () => {
    const run = () => Promise.reject(new Error('no such program'));
    for (const platform of ['linux', 'darwin', 'win32', 'freebsd'] as const) {
      assert.equal(await isOnBattery({ platform, powerSupplyFolder: '/nowhere', run }), undefined);
    }
  });
});
