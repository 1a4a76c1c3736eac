import { expect, test } from 'vitest';
import type { RunOptions } from '../command-result.ts';
import { RemoteHost } from '../remote.ts';
import { Device } from './device.ts';

const SIZE = 1024 ** 2;
const AT_LINK = `symbolic link|block special file|1f:3|${SIZE}|/dev/sp-3`;

test('whatever holds a device open on another machine ends with whoever asked for it: nobody could detach it else', async () => {
  const tethers: (boolean | undefined)[] = [];
  const channel = (_: readonly string[], { isTethered, input }: RunOptions) => {
    // What reads its input ends with that.
    tethers.push(input === undefined ? isTethered : true);
    const stdout = Buffer.from(tethers.length === 1 ? `ids\nid|${AT_LINK}\nname|${AT_LINK}\n` : '');
    return Promise.resolve({ stdout, stderr: '', exitCode: 0, timedOut: false });
  };
  const host = new RemoteHost({ name: 'there', client: 2, devices: '/dev/storpool' }, channel);
  const device = await host.prove({ name: 'os--volume-1', globalId: 'd.n.1', size: SIZE, mark: 'run' });
  if (!(device instanceof Device)) {
    throw new Error(device.why);
  }
  tethers.length = 1;

  await device.read(0, 0);
  await device.firstNonZero(0, SIZE);
  await device.compare([{ offset: 0, length: SIZE }]);
  await device.write(0, Buffer.from('x'));
  await device.run({ on: (path) => ['sync', path], writes: false });

  expect(tethers.slice(1)).toEqual([true, true, true, true, true]);
});
