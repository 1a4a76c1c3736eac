import { type KnownVolume, known } from '../../../fixtures/devices/stamped-volume.ts';
import {
  allOf,
  assertFio,
  fillWith,
  hasFio,
  type Measured,
  runLoad,
  verifyWritten,
  writeVerified,
} from '../../../fixtures/load/fio.ts';
import { seePromised } from '../../../fixtures/load/promised.ts';
import { scenario } from '../../../fixtures/scenario/test.ts';
import { NotApplicable, type Witness } from '../../../fixtures/scenario/witness.ts';
import type { Host } from '../../../helpers/hosts/host.ts';
import { type Figures, figuresInWords, LOAD_NAMES } from '../../../helpers/load.ts';
import { gib, toBytes } from '../../../helpers/units.ts';
import { performanceRunbook } from './performance.runbook.ts';

const SIZE = gib(4);
/** On a mock, whose figures mean nothing. */
const [BRIEF_SECONDS, BRIEF_BYTES] = [1, 64 * 1024 ** 2];
const USUAL_SECONDS = 10;

scenario(performanceRunbook, async (world) => {
  const {
    check,
    gate,
    step,
    names,
    make,
    cinder,
    storpool,
    hands,
    here,
    elsewhere,
    exclusive,
    promises,
    signal,
    measure,
    progress,
  } = world;
  const { seconds = exclusive ? BRIEF_SECONDS : USUAL_SECONDS, loads: promised = {} } = promises.performance ?? {};
  const [volume, reader] = await step('volume', async (): Promise<[KnownVolume, Host]> => {
    await assertFio(here);
    const { id } = await make.volume({ name: names.volume, size: SIZE });
    const volume = known(world, await cinder.volumes.untilAvailable(id));
    // Another host without fio can be none to verify on.
    const canElsewhere = elsewhere !== undefined && (await hasFio(elsewhere));
    return [volume, canElsewhere ? elsewhere : here];
  });
  const held = { name: names.hold, volume: volume.name };

  const kept: ((see: Witness) => void)[] = [];
  await gate('performance.measured', async (see) => {
    const device = await step('attach', () => hands.attach(here, held));
    see.equal('size of the device', device.size, toBytes(SIZE));
    const plan = { host: here, device, bytes: exclusive ? BRIEF_BYTES : device.size, signal };
    seeEnded(see, 'fill', await step('fill', () => fillWith(plan)));
    const stored = (await storpool.volumes.status([volume.name])).get(volume.name);
    see.note('stored on StorPool once it is full', stored?.storedSize ?? 'not told');
    await step('load', async () => {
      for (const [n, name] of LOAD_NAMES.entries()) {
        progress('load', `${name}, ${n + 1} of ${LOAD_NAMES.length}`, Math.round((100 * n) / LOAD_NAMES.length));
        const measured = await runLoad(plan, name, seconds);
        seeEnded(see, name, measured);
        for (const [side, figures] of sidesOf(name, measured)) {
          measure({ name: side, host: here.name, ...figures });
          see.note(side, figuresInWords(figures));
        }
        kept.push((other) => seePromised(other, name, allOf(measured), promised[name]));
      }
    });
    seeEnded(see, 'verify', await step('write', () => writeVerified(plan)));
    await step('detach', () => hands.detach(here, volume.name));
  });

  await check('performance.promised', (see) => {
    if (Object.keys(promised).length === 0) {
      throw new NotApplicable('nothing was promised: `performance` in acceptance.yaml says what loads must come to');
    }
    for (const look of kept) {
      look(see);
    }
  });

  await check('performance.data', async (see) => {
    const again = { name: names.verify, volume: volume.name };
    const verified = await step('verify', () =>
      hands.holding(reader, again, (device) =>
        verifyWritten({ host: reader, device, bytes: exclusive ? BRIEF_BYTES : device.size, signal }),
      ),
    );
    const { exitCode, error, said, operations } = verified;
    const isWhole = exitCode === 0 && error === 0 && operations > 0;
    see.that(
      `blocks that fio verified on ${reader.name}`,
      isWhole,
      isWhole ? operations : said || `error ${error}`,
      'all, without an error',
    );
  });
});

function seeEnded(see: Witness, what: string, { exitCode, error, operations, said }: Measured): void {
  const isWell = exitCode === 0 && error === 0 && operations > 0;
  see.that(
    `${what}: how fio ended`,
    isWell,
    isWell ? `${operations} operations` : said || `exit ${exitCode}, error ${error}`,
    'without an error',
    'how fio ended',
  );
}

/** A mixed load has two sides. */
function sidesOf(name: string, { read, write }: Measured): [string, Figures][] {
  const both = read !== undefined && write !== undefined;
  return [
    ...(read === undefined ? [] : [[both ? `${name} read` : name, read] as [string, Figures]]),
    ...(write === undefined ? [] : [[both ? `${name} write` : name, write] as [string, Figures]]),
  ];
}
