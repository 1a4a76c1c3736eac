import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commandBook, LEGACY, legacyCommands, markedWith, openstackCommands, shellLine } from './commands.ts';

test('the guide’s own commands are spelled as the guide spells them', () => {
  const { createVolume, extendVolume, createSnapshot, bootFromSnapshot, attachHere, detachHere, qemuImgConvert, fileSL } =
    legacyCommands;
  const device = '/dev/storpool/os--volume-b3fb268c';
  expect(
    [
      createVolume({ name: 'vol1', gib: 1 }),
      createVolume({ name: 'centos-1', gib: 3, imageId: 'fdd6ecdd' }),
      extendVolume({ volume: 'vol1', gib: 2 }),
      createSnapshot({ name: 'centos-7-20150323', volume: 'centos-7-base' }),
      bootFromSnapshot({ name: 'centos-01', flavor: 'm1.small', snapshotId: '8c4e7260', nic: 'b0be4a34' }),
      attachHere('os--volume-b3fb268c'),
      detachHere('os--volume-b3fb268c'),
      qemuImgConvert({ source: 'img/CentOS-7.qcow2', format: 'qcow2' }).on(device),
      fileSL().on(device),
    ].map(shellLine),
  ).toEqual([
    'cinder create --display-name vol1 1',
    'cinder create --image-id fdd6ecdd --display-name centos-1 3',
    'cinder extend vol1 2',
    'cinder snapshot-create --display-name centos-7-20150323 centos-7-base',
    'nova boot --flavor m1.small --snapshot 8c4e7260 --nic net-id=b0be4a34 centos-01',
    'storpool attach here volume os--volume-b3fb268c',
    'storpool detach here volume os--volume-b3fb268c',
    `qemu-img convert -p -f qcow2 -n -O raw img/CentOS-7.qcow2 ${device}`,
    `file -sL ${device}`,
  ]);
});

test('what is made bears the mark, with each client', () => {
  const lines = [legacyCommands, openstackCommands].flatMap((plain) => {
    const book = markedWith({ run: 'x' }, plain);
    return [
      book.createVolume({ name: 'v', gib: 1 }),
      book.createSnapshot({ name: 's', volume: 'v' }),
      book.uploadImage({ name: 'i', file: 'f' }),
      book.bootFromSnapshot({ name: 'n', flavor: 'm1', snapshotId: 's', nic: 'none' }),
    ].map(shellLine);
  });

  expect(lines).toEqual([
    'cinder create --metadata run=x --display-name v 1',
    'cinder snapshot-create --metadata run=x --display-name s v',
    'glance image-create --name i --disk-format qcow2 --container-format bare --property run=x --file f',
    'nova boot --flavor m1 --snapshot s --nic none --meta run=x n',
    'openstack volume create --property run=x --size 1 v',
    'openstack volume snapshot create --volume v --property run=x s',
    'openstack image create --disk-format qcow2 --container-format bare --property run=x --file f i',
    'openstack --os-compute-api-version 2.37 server create --flavor m1 --snapshot s --nic none --property run=x n',
  ]);
});

test('the unified client stands in for one that is retired', () => {
  const book = commandBook({ ...LEGACY, servers: 'openstack' });

  expect(shellLine(book.showServer({ server: 's' }))).toBe('openstack server show s');
  expect(shellLine(book.showVolume({ volume: 'v' }))).toBe('cinder show v');
});

test('both spellings have every command', () => {
  expect(Object.keys(openstackCommands).toSorted()).toEqual(Object.keys(legacyCommands).toSorted());
});

test('a slowed copy says its rate', () => {
  const argv = openstackCommands.qemuImgConvert({ source: 'a', format: 'vpc', bytesPerSecond: 1024 }).on('/dev/b');
  expect(shellLine(argv)).toBe('qemu-img convert -p -r 1024 -f vpc -n -O raw a /dev/b');
});

test('placeholders stay readable', () => {
  expect(shellLine(['cinder', 'show', '<volume id>', 'os--volume-<id>'])).toBe('cinder show <volume id> os--volume-<id>');
});

test('a shell splits a line back into the same words', () => {
  const words = fc.array(
    fc.oneof(
      fc.string(),
      fc.stringMatching(/^[ -~]+$/),
      fc.constantFrom("it's", '$(reboot)', '`x`', 'a b', '*', '~', '', '<$(x)>'),
    ),
    { minLength: 1, maxLength: 5 },
  );
  const isPassable = (word: string) => !word.includes('\0') && !/^[\w\-./:]*<[\w .-]*>$/.test(word);
  fc.assert(
    fc.property(
      words.filter((list) => list.every(isPassable)),
      (list) => {
        const line = `printf '%s\\0' ${shellLine(list)}`;
        expect(execFileSync('sh', ['-c', line], { encoding: 'utf8' })).toBe(list.map((word) => `${word}\0`).join(''));
      },
    ),
    { numRuns: 60 },
  );
});
