// Whether the computer is on battery. Invariant: never throws; undefined where it can't be told (a desktop, a server, a container).
// Cost: a few small files on Linux, one short process on macOS; on Windows a PowerShell of about a second, so it is asked seldom.
import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

export interface PowerPorts {
  readonly platform: NodeJS.Platform;
  /** Linux. */
  readonly powerSupplyFolder: string;
  /** Standard output of a program. */
  readonly run: (file: string, args: readonly string[]) => Promise<string>;
}

const RUN_MS = 10_000;
const here: PowerPorts = {
  platform: process.platform,
  powerSupplyFolder: '/sys/class/power_supply',
  run: async (file, args) => (await promisify(execFile)(file, args, { timeout: RUN_MS, windowsHide: true })).stdout,
};

/** How long what was read is good for. */
export const POWER_FRESH_MS = process.platform === 'win32' ? 300_000 : 60_000;

export async function isOnBattery(ports: PowerPorts = here): Promise<boolean | undefined> {
  try {
    if (ports.platform === 'linux') return await onLinux(ports.powerSupplyFolder);
    if (ports.platform === 'darwin') return await onMac(ports);
    return ports.platform === 'win32' ? await onWindows(ports) : undefined;
  } catch {
    return undefined;
  }
}

/** A mains or USB supply that is online decides; without one, a battery of the computer (not of a mouse) that discharges. */
async function onLinux(folder: string): Promise<boolean | undefined> {
  const read = async (name: string, file: string): Promise<string> =>
    (await fs.readFile(path.join(folder, name, file), 'utf8').catch(() => '')).trim();
  let discharges: boolean | undefined;
  for (const name of await fs.readdir(folder)) {
    const type = await read(name, 'type');
    if (type !== 'Battery') {
      if ((await read(name, 'online')) === '1') return false;
    } else if ((await read(name, 'scope')) !== 'Device') {
      discharges = discharges === true || (await read(name, 'status')) === 'Discharging';
    }
  }
  return discharges;
}

async function onMac({ run }: PowerPorts): Promise<boolean | undefined> {
  const source = /drawing from '(.+?)'/.exec(await run('/usr/bin/pmset', ['-g', 'batt']))?.[1];
  return source === undefined ? undefined : source === 'Battery Power';
}

/** Win32_Battery.BatteryStatus: 1 is discharging, 2 on mains, 3...11 say how full it is. No battery, no line. */
async function onWindows({ run }: PowerPorts): Promise<boolean | undefined> {
  const script = '(Get-CimInstance -ClassName Win32_Battery).BatteryStatus';
  const status = (await run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script]))
    .trim()
    .split(/\s+/);
  if (status[0] === undefined || status[0] === '') return undefined;
  return status.every((each) => ['1', '4', '5'].includes(each)); // 4 and 5: low and critical, so not charging
}
