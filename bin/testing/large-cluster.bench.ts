import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clients, connect } from '../../fixtures/targets/clients.ts';
import { liveTarget } from '../../fixtures/targets/live.ts';
import { readSettings, systemEnvironment } from '../../helpers/config/config.ts';
import { Redactor } from '../../helpers/redact.ts';
import { gib, toBytes } from '../../helpers/units.ts';
import { Command, type CommandEnvironment, exportsOf, PROMISES } from './supervised-run.ts';

const SIZES = [0, 5000, 50_000];
const CREATORS = 4;
const MIB = 1024 ** 2;
const KIB = 1024;
/** As `npm run` starts both: what they are done with is collected sooner. */
const FLAGS = ['--max-semi-space-size=4'];
const MS = 1000;
const LOOK_MS = 20;

/** What it costs a run of `fill` and the mock that the cluster has volumes of others. */
export async function bench(): Promise<Readonly<Record<string, string>>> {
  const runsDir = mkdtempSync(join(tmpdir(), 'acc-bench-'));
  const mock = new Command(['mock'], {}, undefined, FLAGS);
  try {
    const environment = {
      ...(await exportsOf(mock.child)),
      ...PROMISES,
      ACCEPTANCE_RUNS_DIR: runsDir,
      ACCEPTANCE_TARGET: 'live',
    };
    const target = liveTarget(readSettings({}, environment), environment, runsDir);
    const clients = await connect(target, { redactor: new Redactor(), environment: systemEnvironment() });
    const figures: Record<string, string> = {};
    let empty: number | undefined;
    for (const [i, size] of SIZES.entries()) {
      await makeVolumes(clients, size - (SIZES[i - 1] ?? 0));
      const { seconds, peakMiB } = await run(environment);
      empty ??= seconds;
      figures[`fill beside ${size}`] = `${seconds.toFixed(1)} s (× ${(seconds / empty).toFixed(2)}), supervisor ${peakMiB} MiB`;
    }
    for (const call of ['VolumesList', 'VolumesGetStatusQuick', 'VolumesGetStatus']) {
      figures[`mock ${call}`] = await timed(environment, call);
    }
    return { ...figures, 'mock memory': `${peakMiBOf(mock.child.pid)} MiB` };
  } finally {
    mock.child.kill('SIGTERM');
    await mock.ended;
    rmSync(runsDir, { recursive: true });
  }
}

async function makeVolumes({ storpool }: Clients, count: number): Promise<void> {
  const names = Array.from({ length: count }, () => storpool.volumeName(randomUUID())).values();
  const create = async () => {
    for (const name of names) {
      await storpool.volumes.create({ name, size: toBytes(gib(1)), template: 'hybrid' });
    }
  };
  await Promise.all(Array.from({ length: CREATORS }, create));
}

/** One run in a process of its own, and the most memory that it held. */
async function run(environment: CommandEnvironment): Promise<{ seconds: number; peakMiB: number }> {
  const began = performance.now();
  const command = new Command(['--only', 'fill', '--yes'], environment, undefined, FLAGS);
  let peakMiB = 0;
  const watch = setInterval(() => {
    peakMiB = Math.max(peakMiB, peakMiBOf(command.child.pid));
  }, LOOK_MS);
  const exit = await command.ended;
  clearInterval(watch);
  if (exit !== 0) {
    throw new Error(`the run ended with ${exit}: ${command.output}`);
  }
  return { seconds: (performance.now() - began) / MS, peakMiB };
}

function peakMiBOf(pid: number | undefined): number {
  const path = `/proc/${pid}/status`;
  const kib = existsSync(path) ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(path, 'utf8'))?.[1] : undefined;
  return Math.round((Number(kib ?? 0) * KIB) / MIB);
}

/** Until the last byte of the reply is there. */
async function timed({ SP_API_HTTP_HOST, SP_API_HTTP_PORT, SP_AUTH_TOKEN }: CommandEnvironment, call: string): Promise<string> {
  const began = performance.now();
  const headers = { authorization: `Storpool v1:${SP_AUTH_TOKEN}` };
  const asked = get(`http://${SP_API_HTTP_HOST}:${SP_API_HTTP_PORT}/ctrl/1.0/${call}`, { headers });
  const [reply] = (await once(asked, 'response')) as [IncomingMessage];
  let bytes = 0;
  for await (const chunk of reply as AsyncIterable<Buffer>) {
    bytes += chunk.length;
  }
  return `${((performance.now() - began) / MS).toFixed(2)} s, ${Math.round(bytes / MIB)} MiB`;
}
