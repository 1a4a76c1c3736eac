import { createHash } from 'node:crypto';
import { existsSync, renameSync, symlinkSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test, vi } from 'vitest';
import { type AttachedVolume, bytesOf, DeviceFolder, hasLoops, provedDevice } from '../../testing/device-folder.ts';
import type { Host } from '../host.ts';
import { LocalHost } from '../local.ts';
import { type Channel, RemoteHost } from '../remote.ts';
import { type Device, NotTheDevice } from './device.ts';

const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/nonexistent' };
const MIB = 1024 ** 2;
const BLOCK = 4096;
/** A use starts a dozen processes, which takes long on a busy machine. */
vi.setConfig({ testTimeout: 120_000 });

/** Carries commands out here, as a channel would elsewhere, and counts them. */
function counting() {
  const seen = { commands: 0 };
  const channel: Channel = async ([file = 'true', ...rest], { input }) => {
    seen.commands += 1;
    const stdin = input === undefined ? { stdin: 'ignore' as const } : { input };
    const done = await execa(file, rest, { ...stdin, encoding: 'buffer', reject: false, stripFinalNewline: false });
    return {
      stdout: Buffer.from(done.stdout),
      stderr: Buffer.from(done.stderr).toString(),
      exitCode: done.exitCode,
      timedOut: false,
    };
  };
  return { seen, channel };
}

const local = (devices: string, standIns: { loops?: boolean; files?: boolean }): Host =>
  new LocalHost({ name: 'here', client: 1, devices, transport: { kind: 'local' }, ...standIns }, { environment });
const byCommands = (devices: string, channel = counting().channel): Host =>
  new RemoteHost({ name: 'there', client: 1, devices, loops: true }, channel);

const BY_COMMANDS = 'a host reached by commands';
const HOSTS = {
  'this machine, loop devices': { folder: 'loops', open: (devices: string) => local(devices, { loops: true }) },
  'this machine, files': { folder: 'files', open: (devices: string) => local(devices, { files: true }) },
  [BY_COMMANDS]: { folder: 'loops', open: (devices: string) => byCommands(devices) },
} as const;
type Kind = keyof typeof HOSTS;

async function stand(kind: Kind) {
  const folder = await DeviceFolder.make(HOSTS[kind].folder);
  const ours = await folder.attach('os--volume-ours', 'd.n.1');
  const others = await folder.attach('prod-db', 'd.n.2');
  await writeFile(others.file, Buffer.alloc(MIB, 'somebody else, '));
  return {
    ...{ folder, ours, others, host: HOSTS[kind].open(folder.devices) },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const KINDS = (Object.keys(HOSTS) as Kind[]).filter((kind) => HOSTS[kind].folder === 'files' || hasLoops());

test.for(KINDS)('what is written on %s is read back, in one command each', async (kind) => {
  await using it = await stand(kind);
  const device = await provedDevice(it.host, it.ours);
  await device.write(5000, Buffer.from('right here'));
  expect((await device.read(4998, 12)).toString('latin1')).toBe('\0\0right here');
  expect(await device.firstNonZero(0, MIB)).toBe(5000);
  expect(await device.firstNonZero(5010, MIB - 5010)).toBeUndefined();
  const pieces: Buffer[] = [];
  await device.scan({ offset: BLOCK, length: BLOCK }, (piece) => pieces.push(Buffer.from(piece)));
  expect(Buffer.concat(pieces).indexOf('right')).toBe(5000 - BLOCK);
  const { stdout, exitCode } = await device.run({ on: (path) => ['sh', '-c', 'echo "$1"; exit 3', 'sh', path], writes: false });
  expect({ stdout, exitCode }).toEqual({ stdout: `${it.ours.target}\n`, exitCode: 3 });
  expect((await bytesOf(it.ours)).indexOf('right')).toBe(5000);
  await expect(device.write(MIB - 1, Buffer.from('xy'))).rejects.toThrow(/ends before/);
  await expect(device.read(MIB - 1, 2)).rejects.toThrow(/ends before/);
});

test.for(KINDS)('what does not hold what it should is told range by range on %s', async (kind) => {
  await using it = await stand(kind);
  const device = await provedDevice(it.host, it.ours);
  const data = Buffer.alloc(2 * BLOCK, 'written');
  const parts = [
    { offset: 0, length: BLOCK },
    { offset: BLOCK, length: data.length, sha256: createHash('sha256').update(data).digest('hex') },
    { offset: BLOCK + data.length, length: MIB - BLOCK - data.length },
  ] as const;
  await device.write(BLOCK, data);
  expect(await device.compare(parts)).toEqual([]);
  await device.write(MIB - 3, Buffer.from('x'));
  expect(await device.compare(parts)).toEqual([{ range: parts[2], at: MIB - 3 }]);
  await device.write(BLOCK + 5, Buffer.from('y'));
  expect(await device.compare(parts)).toEqual([
    { range: parts[1], at: BLOCK },
    { range: parts[2], at: MIB - 3 },
  ]);
  await expect(device.compare([{ offset: MIB, length: BLOCK }])).rejects.toThrow(/ends before/);
});

test.runIf(hasLoops())('each use of a device elsewhere is one command, its proof included', async () => {
  await using it = await stand(BY_COMMANDS);
  const { seen, channel } = counting();
  const device = await provedDevice(byCommands(it.folder.devices, channel), it.ours);
  expect(seen.commands).toBe(1);
  await device.write(0, Buffer.from('x'));
  await device.read(0, 1);
  await device.firstNonZero(0, MIB);
  await device.run({ on: (path) => ['file', '-sL', path], writes: false });
  expect(seen.commands).toBe(5);
});

interface Case {
  readonly kind: Kind;
  readonly how: string;
  readonly relink: (folder: DeviceFolder, ours: AttachedVolume, others: AttachedVolume) => Promise<void>;
}

const RELINKINGS: Record<string, Case['relink']> = {
  'the name to another volume': (folder, ours, others) => folder.lead(ours.byName, others.target),
  'the id to another volume': (folder, ours, others) => folder.lead(ours.byId, others.target),
  'both to another volume': async (folder, ours, others) => {
    await folder.lead(ours.byName, others.target);
    await folder.lead(ours.byId, others.target);
  },
  'both to what is no disk at all': async (folder, ours) => {
    await folder.lead(ours.byName, '/dev/null');
    await folder.lead(ours.byId, '/dev/null');
  },
  'neither: they are gone': async (_folder, ours) => {
    await rm(ours.byName);
    await rm(ours.byId);
  },
};

const CASES: Case[] = KINDS.flatMap((kind) => Object.entries(RELINKINGS).map(([how, relink]) => ({ kind, how, relink })));

test.for(CASES)('links that lead elsewhere after the proof stop every use on $kind: $how', async ({ kind, how, relink }) => {
  await using it = await stand(kind);
  const device = await provedDevice(it.host, it.ours);
  await relink(it.folder, it.ours, it.others);
  const ran = join(it.folder.dir, 'ran');
  const touch = (path: string) => ['sh', '-c', 'touch "$1"; echo overwritten > "$2"', 'sh', ran, path];
  const uses = {
    read: (on: Device) => on.read(0, BLOCK),
    scan: (on: Device) => on.scan({ offset: 0, length: BLOCK }, () => undefined),
    firstNonZero: (on: Device) => on.firstNonZero(0, MIB),
    write: (on: Device) => on.write(0, Buffer.from('overwritten')),
    'a command that reads': (on: Device) => on.run({ on: touch, writes: false }),
    'a command that writes': (on: Device) => on.run({ on: touch, writes: true }),
  } satisfies Record<string, (on: Device) => Promise<unknown>>;
  // Elsewhere each use is the same script, which costs some processes: each of them once, and a write in all cases.
  const tried =
    kind !== BY_COMMANDS || how === 'both to another volume' ? Object.entries(uses) : [['write', uses.write] as const];
  for (const [what, use] of tried) {
    const error = await use(device).catch((thrown: unknown) => thrown);
    expect(error, what).toBeInstanceOf(NotTheDevice);
    expect(error, what).toMatchObject({ message: expect.stringMatching(/leads to .*, not to |is gone/) });
  }
  expect(existsSync(ran)).toBe(false);
  expect(Buffer.alloc(MIB, 'somebody else, ').equals(await bytesOf(it.others))).toBe(true);
  expect(Buffer.alloc(MIB).equals(await bytesOf(it.ours))).toBe(true);
});

test.for(KINDS)('who is refused hears whose device the links lead to now, on %s', async (kind) => {
  await using it = await stand(kind);
  const device = await provedDevice(it.host, it.ours);
  await it.folder.lead(it.ours.byId, it.others.target);
  await expect(device.read(0, 1)).rejects.toMatchObject({
    what: 'the device of os--volume-ours is not the device of that volume any more',
    details: { found: `${it.ours.byId} leads to ${it.others.target}, not to ${it.ours.target}` },
    message: expect.stringContaining(it.others.byName),
  });
});

test('a use that fails midway, after the links were led elsewhere, is told as not proved', async () => {
  await using it = await stand('this machine, files');
  const device = await provedDevice(it.host, it.ours);
  const relinkAndFail = () => {
    symlinkSync(it.others.target, `${it.ours.byId}.next`);
    renameSync(`${it.ours.byId}.next`, it.ours.byId);
    throw new Error('the reader stopped');
  };
  await expect(device.scan({ offset: 0, length: BLOCK }, relinkAndFail)).rejects.toThrow(NotTheDevice);
});

test.for(KINDS)(
  'links that lead elsewhere during a copy on %s: it is told as not proved, and what it may have hit',
  async (kind) => {
    await using it = await stand(kind);
    const device = await provedDevice(it.host, it.ours);
    const script = 'ln -sfn "$2" "$3"; printf copied | dd of="$1" conv=notrunc,nocreat,fsync status=none; exit 7';
    const copy = (path: string) => ['sh', '-c', script, 'sh', path, it.others.target, it.ours.byId];
    await expect(device.run({ on: copy, writes: true })).rejects.toMatchObject({
      what: 'the device of os--volume-ours was another one after it was written than before',
      details: { written: it.ours.target, 'perhaps overwritten': expect.stringContaining(it.others.byName) },
    });
    // It went by the device that was proved, and not by the link.
    expect((await bytesOf(it.others)).toString('latin1', 0, 13)).toBe('somebody else');
    expect((await bytesOf(it.ours)).toString('latin1', 0, 6)).toBe('copied');
  },
);

test.for(KINDS)('what is read while the links are led elsewhere is not believed, on %s', async (kind) => {
  await using it = await stand(kind);
  const device = await provedDevice(it.host, it.ours);
  const look = (path: string) => ['sh', '-c', 'ln -sfn "$2" "$3"; cat "$1"', 'sh', path, it.others.target, it.ours.byName];
  await expect(device.run({ on: look, writes: false })).rejects.toMatchObject({
    advice: expect.stringContaining('not believed'),
  });
});

test.for(KINDS)('no device is proved on %s where the links contradict each other or are missing', async (kind) => {
  await using it = await stand(kind);
  const { folder, ours, others, host } = it;
  const why = async () => {
    const proved = await host.prove(ours.volume);
    return 'why' in proved ? proved.why : 'proved';
  };
  expect(await why()).toBe('proved');
  await folder.lead(ours.byName, others.target);
  expect(await why()).toBe(`${ours.byName} leads to ${others.target}, ${ours.byId} to ${ours.target}`);
  await folder.lead(ours.byId, others.target);
  expect(await why()).toBe(`${others.target} is also the device of ${others.byId}`);
  await folder.lead(ours.byId, '/dev/null');
  expect(await why()).toBe(`${ours.byId} leads to /dev/null, which is no device of StorPool's`);
  await rm(ours.byId);
  expect(await why()).toBe(`${ours.byId} is missing`);
  await writeFile(ours.byId, 'a plain file');
  expect(await why()).toBe(`${ours.byId} is no link but a file`);
});

test.for(KINDS)('a plain file in the place of the name does not hide the device from its id, on %s', async (kind) => {
  await using it = await stand(kind);
  await rm(it.ours.byName);
  await writeFile(it.ours.byName, 'a plain file');
  const device = await provedDevice(it.host, it.ours);
  await device.write(0, Buffer.from('x'));
  expect((await bytesOf(it.ours))[0]).toBe('x'.charCodeAt(0));
  expect(device.proof).toMatch(new RegExp(`^${it.ours.byId} → ${it.ours.target} `));
});

test.for(KINDS)(
  'without links by id %s goes by name and size, and looks at the first block before the first write',
  async (kind) => {
    await using it = await stand(kind);
    const stamped = await it.folder.attach('os--volume-stamped', 'd.n.3');
    await writeFile(stamped.file, Buffer.alloc(MIB, 'run-of-test'));
    await rm(`${it.folder.devices}-byid`, { recursive: true });
    const device = await provedDevice(it.host, it.ours);
    expect(device.proof).toContain('no links by global id here');
    await device.write(BLOCK, Buffer.from('of a run'));
    expect((await bytesOf(it.ours)).toString('latin1', BLOCK, BLOCK + 8)).toBe('of a run');
    const foreign = await provedDevice(it.host, it.others);
    expect((await foreign.read(0, 13)).toString()).toBe('somebody else');
    const copy = (path: string) => ['sh', '-c', 'printf copied | dd of="$1" conv=notrunc status=none', 'sh', path];
    const foreignContent = /holds something that this run has not written/;
    await expect(foreign.write(BLOCK, Buffer.from('x'))).rejects.toThrow(foreignContent);
    await expect(foreign.run({ on: copy, writes: true })).rejects.toThrow(foreignContent);
    expect(Buffer.alloc(MIB, 'somebody else, ').equals(await bytesOf(it.others))).toBe(true);
    await (await provedDevice(it.host, stamped)).write(0, Buffer.from('again'));
    expect((await bytesOf(stamped)).toString('latin1', 0, 5)).toBe('again');
  },
);

test.for(KINDS)('without links by id no device is proved on %s that another name leads to, or of another size', async (kind) => {
  await using it = await stand(kind);
  await rm(`${it.folder.devices}-byid`, { recursive: true });
  const larger = await it.host.prove({ ...it.ours.volume, size: 2 * MIB });
  expect(larger).toMatchObject({ why: `${it.ours.target} has ${MIB} bytes, the volume ${2 * MIB}` });
  await it.folder.lead(it.ours.byName, it.others.target);
  expect(await it.host.prove(it.ours.volume)).toMatchObject({
    why: `${it.others.target} is also the device of ${it.others.byName}`,
  });
});
