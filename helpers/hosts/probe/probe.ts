import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { typed } from '../../commands/commands.ts';
import { messageOf } from '../../failure.ts';
import type { Host } from '../host.ts';

const view = z.string();
const at = { view, path: z.string() };

const process = z.object({
  pid: z.number(),
  name: z.string(),
  view,
  argv: z.array(z.string()),
  /** Where it was started; known where that matters: something is named without a slash at its beginning, or `python -m`. */
  cwd: z.string().nullable(),
  /** Of systemd, such as `devstack@c-vol.service`. */
  unit: z.string().nullable(),
  /** What it imports from before all else: the entries of its PYTHONPATH, and with `python -m` where it was started. */
  imports: z.array(z.string()),
  /** `S`, `R`, `T`, `Z`, … */
  state: z.string().nullable(),
  /** Seconds since the epoch. */
  startedAt: z.number().nullable(),
  uid: z.number().nullable(),
  gid: z.number().nullable(),
  /** Supplementary groups of the process as it runs, not as the group file has them. */
  groups: z.array(z.number()).nullable(),
});

const file = z.object({
  ...at,
  kind: z.string(),
  /** Octal, without the file type. */
  mode: z.string(),
  uid: z.number(),
  gid: z.number(),
  /** Seconds since the epoch. */
  modifiedAt: z.number(),
  size: z.number(),
  target: z.string().optional(),
  /** It has an access control list besides its mode. */
  acl: z.literal(true).optional(),
});

/**
 * What one host looks like: facts without judgement. A `view` is a mount namespace: `host`, or the id of a process in a container.
 * Paths are those that the view's own processes see.
 */
const factsSchema = z.object({
  probe: z.literal(1),
  node: z.string(),
  /** Tells two machines of one name apart; null where it cannot be read. */
  boot: z.string().nullable(),
  privilege: z.enum(['root', 'sudo', 'none']),
  /** Nanoseconds since the epoch, as decimal digits. */
  clock: z.string().regex(/^\d+$/),
  storpool: z.object({
    host: z.string().nullable(),
    port: z.string().nullable(),
    /** The first 16 digits of the token's SHA-256; null when storpool.conf has none or cannot be read. */
    tokenHash: z.string().nullable(),
    /** The HTTP status with which StorPool's API answered this host. */
    status: z.number().nullable(),
    /** Since when the first service runs that the answer tells of, in seconds since the epoch. */
    started: z.number().nullable(),
    /** The beginning of an error, of the API or of the connection. */
    reply: z.string().nullable(),
  }),
  views: z.array(view),
  /** Of the views that are containers: whose. */
  containers: z.array(z.object({ view, engine: z.enum(['docker', 'podman', 'kubernetes', 'lxc']).nullable() })),
  /** Directories of the host as a container sees them: the host's own, another one, or none; or the host itself has none. */
  shared: z.array(z.object({ ...at, state: z.enum(['same', 'other', 'absent', 'no-original']) })),
  unknown: z.array(z.object({ fact: z.string(), why: z.string() })),
  /** Files that should be text and hold zero bytes: what they are instead. Nothing of them was read. */
  damaged: z.array(z.object({ ...at, how: z.string() })),
  /** Files larger than the `most` bytes that are read of one. Nothing of them was read. */
  oversized: z.array(z.object({ ...at, size: z.number(), most: z.number() })),
  /** Configuration files with a byte that is no UTF-8: the line of the first one. */
  undecodable: z.array(z.object({ ...at, line: z.number() })),
  processes: z.array(process),
  executables: z.array(z.object({ pid: z.number(), path: z.string() })),
  files: z.array(file),
  hashes: z.array(z.object({ ...at, sha256: z.string() })),
  /** SHA-256 of the text from `class LibvirtStorPoolVolumeDriver` to the end of the file. */
  classes: z.array(z.object({ ...at, sha256: z.string() })),
  /** Directories from which a Python could import. */
  directories: z.array(z.object(at)),
  /** Where else a directory lets import from: by the lines of its .pth files, and by the finders of editable installations. */
  linked: z.array(z.object({ ...at, from: z.string(), by: z.enum(['path', 'finder']) })),
  /** Virtual environments that let in the system's packages. */
  openVenvs: z.array(z.object(at)),
  distributions: z.array(z.object({ view, directory: z.string(), name: z.string(), version: z.string() })),
  /** Lines of driver files that tell one release's file from another's. */
  marks: z.array(z.object({ ...at, lines: z.array(z.string()) })),
  /**
   * Lines of configuration files by number: headings, options that are known to be harmless, and what is neither. Other options stay on the
   * host; so does what follows none, of which `***` is left. Of storpool.conf there are all lines, with `***` for values that stay on the host.
   */
  configurations: z.array(z.object({ ...at, lines: z.array(z.tuple([z.number(), z.string()])) })),
  users: z.array(z.object({ view, name: z.string(), uid: z.number(), gid: z.number() })),
  groups: z.array(z.object({ view, name: z.string(), gid: z.number(), members: z.array(z.string()) })),
  databases: z.array(z.object({ ...at, text: z.string() })),
  /** Advisory locks on the attach database, seen when the probe began (1) and when it ended (2). */
  locks: z.array(z.object({ look: z.number(), path: z.string(), pid: z.number(), waiting: z.boolean() })),
  /** Of containers with a storpool.conf of their own: the first 16 digits of the token's SHA-256, null where there is none. */
  tokens: z.array(z.object({ view, hash: z.string().nullable() })),
  tools: z.array(z.object({ view, name: z.string(), path: z.string().nullable() })),
  /** `qemu-img`: the program that a service would call, by its own PATH and as it sees the files. `libvirt`: the library that it has loaded. */
  serviceTools: z.array(z.object({ pid: z.number().nullable(), name: z.string(), path: z.string().nullable() })),
});

export type HostFacts = z.infer<typeof factsSchema>;
export type ProcessFacts = z.infer<typeof process>;
export type FileFacts = z.infer<typeof file>;

/** A host's facts, or why there are none. `skewMs` is how far its clock is ahead of ours, known to ± `uncertaintyMs`. */
export type Probed =
  | {
      readonly reached: true;
      readonly facts: HostFacts;
      readonly ms: number;
      readonly skewMs: number;
      readonly uncertaintyMs: number;
    }
  | { readonly reached: false; readonly why: string; readonly advice: string; readonly ms: number };

export interface ProbeOptions {
  /** A tree to look at instead of `/`. */
  readonly root?: string;
  /** How long the whole round trip may take. */
  readonly withinMs?: number;
  /** How long StorPool's API may take to answer the host. */
  readonly apiSeconds?: number;
  readonly signal?: AbortSignal | undefined;
}

const WITHIN_MS = 10_000;
/** What the probe's answer begins with. */
const BEGINS = '{"probe":1,';
/** Becomes root when it can without a password, and says why when it cannot. The script itself comes on standard input. */
const BECOME_ROOT = [
  'while read -r key uid rest; do [ "$key" = Uid: ] && break; done </proc/self/status',
  // Over ssh it was asked for root before.
  '[ -z "$SUDO_UID" ] || set -- PROBE_PRIVILEGE=sudo "$@"',
  'if [ "$uid" = 0 ]; then exec sh -s -- "$@"; fi',
  'if why=$(sudo -n true 2>&1 </dev/null); then exec sudo -n sh -s -- PROBE_PRIVILEGE=sudo "$@"; fi',
  'exec sh -s -- PROBE_PRIVILEGE=none "PROBE_WHY=$why" "$@"',
].join('\n');

/** The text of the probe. Read it once and hand it to each `probe`. */
export function probeScript(): Promise<string> {
  return readFile(new URL('probe.sh', import.meta.url), 'utf8');
}

/**
 * Looks at a host in one round trip, and in a second one when a file was being written during the first. Never throws: a host that cannot
 * be looked at is a result too.
 */
export async function probe(host: Pick<Host, 'name' | 'run'>, script: string, options: ProbeOptions = {}): Promise<Probed> {
  const first = await lookAt(host, script, options);
  return first.reached && isBeingWritten(first.facts) ? lookAt(host, script, options) : first;
}

/** An attach database that ends in its midst, or a configuration that changed within the second before: both heal by themselves. */
function isBeingWritten({ clock, configurations, databases, files }: HostFacts): boolean {
  const second = BigInt(clock) / 1_000_000_000n - 1n;
  const young = files.filter(({ modifiedAt }) => BigInt(modifiedAt) >= second);
  return (
    databases.some(({ text }) => !isJson(text)) ||
    young.some((one) => configurations.some(({ view: of, path }) => of === one.view && path === one.path))
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function lookAt(host: Pick<Host, 'name' | 'run'>, script: string, options: ProbeOptions): Promise<Probed> {
  const settings = [
    ...(options.root === undefined ? [] : [`PROBE_ROOT=${options.root}`]),
    ...(options.apiSeconds === undefined ? [] : [`PROBE_API_SECONDS=${options.apiSeconds}`]),
  ];
  const started = performance.now();
  const sentAt = Date.now();
  const timeoutMs = options.withinMs ?? WITHIN_MS;
  try {
    const result = await host.run(['sh', '-c', BECOME_ROOT, 'probe', ...settings], {
      input: script,
      timeoutMs,
      signal: options.signal,
    });
    const ms = performance.now() - started;
    if (result.timedOut) {
      const why = `no answer within ${timeoutMs} ms`;
      return { reached: false, why, advice: typed`Look at the host's console and load; then try \`ssh ${host.name} true\`.`, ms };
    }
    if (result.exitCode !== 0) {
      const why = lastLine(result.stderr) ?? `the probe ended with ${result.exitCode ?? 'no exit code'}`;
      return { reached: false, why, advice: typed`Try \`ssh ${host.name} true\` by hand until it works without a question.`, ms };
    }
    // A login shell's start-up files may print something first. Zero bytes, which some awks hand on, are nobody's text.
    const answer = result.stdout.slice(Math.max(0, result.stdout.indexOf(BEGINS))).replaceAll('\0', '');
    const facts = factsSchema.parse(JSON.parse(answer));
    // Where this machine slept, or its clock was set, more went by than the milliseconds that were counted.
    const tookMs = Math.max(ms, Math.abs(Date.now() - sentAt));
    const skewMs = Number(BigInt(facts.clock) / 1_000_000n) - (sentAt + (Date.now() - sentAt) / 2);
    return { reached: true, facts, ms, skewMs, uncertaintyMs: tookMs / 2 };
  } catch (error) {
    return unreached(error, performance.now() - started);
  }
}

function unreached(error: unknown, ms: number): Probed {
  const advice = error instanceof Error && 'advice' in error ? String(error.advice) : undefined;
  const what = error instanceof Error && 'what' in error ? String(error.what) : undefined;
  if (error instanceof z.ZodError || error instanceof SyntaxError) {
    return {
      reached: false,
      why: `the probe's answer is not what it prints: ${messageOf(error)}`,
      advice: 'Report this as a fault of the suite.',
      ms,
    };
  }
  return {
    reached: false,
    why: what ?? messageOf(error),
    advice: advice ?? 'Make the host reachable, then run the check again.',
    ms,
  };
}

function lastLine(text: string): string | undefined {
  return text.trimEnd().split('\n').at(-1)?.trim() || undefined;
}
