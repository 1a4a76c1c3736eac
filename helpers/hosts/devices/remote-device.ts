import { CouldNotCheck, Failure } from '../../failure.ts';
import type { CommandResult, DeviceRange, RemoteResult, RunOptions, See } from '../command-result.ts';
import {
  Device,
  type DeviceCommand,
  type ExpectedRange,
  endsBefore,
  foreignContent,
  type Identity,
  type Mismatch,
  refusal,
  unproved,
  type VolumeOfDevice,
} from './device.ts';
import { type AtLink, type DeviceSight, idsOf } from './device-proof.ts';

/** The host that has proved whose the device is. */
export interface RemoteParts {
  readonly name: string;
  readonly devices: string;
  /** Carries out a script with its arguments; `shown` is what a person would type for it. */
  readonly script: (text: string, args: readonly string[], options: RunOptions, shown?: string) => Promise<RemoteResult>;
  /** One line for a command. */
  readonly line: (argv: readonly string[]) => string;
}

/** What O_DIRECT asks of offsets and lengths on any drive. */
const ALIGNMENT = 4096;

/** Each script needs no more than POSIX sh, GNU or busybox find, readlink and stat, and GNU dd. */
const SEE = `names=$1 ids=$2 name=$3 id=$4
[ ! -d "$ids" ] || echo ids
at() {
  [ -e "$2" ] || return 0
  [ ! -b "$2" ] || [ -r "$2" ] || { echo "closed|$(id -un)"; return 0; }
  size=0
  [ ! -b "$2" ] || size=$(blockdev --getsize64 "$2")
  printf '%s|%s|%s|%s|%s\\n' "$1" "$(stat -c %F -- "$2")" "$(stat -L -c '%F|%t:%T' -- "$2")" "$size" "$(readlink -f -- "$2")"
}
at id "$ids/$id"
at name "$names/$name"
device=$ids/$id
[ -e "$device" ] || device=$names/$name
[ ! -e "$device" ] || find -L "$names" "$ids" -samefile "$device" 2>/dev/null | sed 's/^/leads|/'
true`;

/** By its exit status and this word on stderr a use tells that it was refused (97), or that the device was another one afterwards (98). */
const WORD = 'acceptance-device: ';
const REFUSED = 97;
const CHANGED = 98;
const TOO_SHORT = 96;
const FOREIGN = 95;

/** Holds the device open, proves it, acts, and proves it again. What follows `act` in "$@" is for the act. */
const using = (act: string) => `path=$1 node=$2 names=$3 ids=$4 mark=$5 end=$6 first=$7 second=$8
shift 8
leads() { find -L "$names" "$ids" -samefile "$1" 2>/dev/null; }
tell() { { printf '${WORD}%s\\n' "$2"; leads "$path"; [ -z "$3" ] || leads "$3"; } >&2; exit "$1"; }
linked() {
  for link in "$first" "$second"; do
    [ -n "$link" ] || continue
    [ -e "$link" ] || tell "$1" "$link is gone" ''
    to=$(readlink -f -- "$link")
    [ "$to" = "$path" ] || tell "$1" "$link leads to $to, not to $path" "$to"
  done
}
held() {
  now=$(stat -L -c %t:%T -- /proc/self/fd/3 "$path" 2>&1)
  [ "$now" = "$node
$node" ] || tell "$1" "$path is device $(echo $now), not $node" ''
}
[ -b "$path" ] && command exec 3<"$path" || tell ${REFUSED} "$path cannot be opened" ''
linked ${REFUSED}
held ${REFUSED}
[ "$end" = 0 ] || [ "$end" -le "$(blockdev --getsize64 "$path")" ] || tell ${TOO_SHORT} "$path is too short" ''
if [ -n "$mark" ]; then
  block() { dd if="$path" iflag=direct bs=4096 count=1 status=none; }
  block >/dev/null || tell ${REFUSED} "$path cannot be read" ''
  [ "$(block | tr -d '\\000' | wc -c)" -eq 0 ] || block | grep -qaF -- "$mark" || tell ${FOREIGN} "$path holds something else" ''
fi
${act}
code=$?
linked ${CHANGED}
held ${CHANGED}
exit $code`;

const READ = using('dd if="$path" iflag=direct,skip_bytes,count_bytes bs=4M skip="$1" count="$2" status=none');
// A device that went away in the meantime must not become a plain file in its place: nocreat.
const WRITE = using('dd of="$path" oflag=seek_bytes conv=notrunc,nocreat,fsync bs=4M seek="$1" status=none');
const ZEROS = using(
  'dd if="$path" iflag=direct,skip_bytes,count_bytes bs=4M skip="$1" count="$2" status=none | cmp -n "$2" - /dev/zero',
);
/** A line for each range that holds something else: its number, and what cmp says where zeros belong. */
const COMPARE = using(`number=0
while [ $# -ge 3 ]; do
  piece() { dd if="$path" iflag=direct,skip_bytes,count_bytes bs=4M skip="$1" count="$2" status=none; }
  if [ "$3" = zeros ]; then
    said=$(piece "$@" | cmp -n "$2" - /dev/zero 2>&1) || echo "$number $said"
  else
    sum=$(piece "$@" | sha256sum)
    [ "\${sum%% *}" = "$3" ] || echo "$number"
  fi
  number=$((number + 1))
  shift 3
done
true`);
const RUN = using('"$@"');

const DIFFERS = /differ: (?:byte|char) (\d+)/;

interface Use {
  readonly script: string;
  readonly args: readonly string[];
  readonly writes?: boolean;
  /** The device must not end before. */
  readonly end?: number;
  /** What a person would type. */
  readonly shown: readonly string[];
}

/** A device of a host that is reached by commands alone. */
export class RemoteDevice extends Device {
  readonly #host: RemoteParts;
  #isClaimed: boolean;

  constructor(host: RemoteParts, identity: Identity) {
    super(host.name, identity);
    this.#host = host;
    this.#isClaimed = identity.isById;
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Buffer> {
    const start = offset - (offset % ALIGNMENT);
    const span = Math.ceil((offset + length) / ALIGNMENT) * ALIGNMENT - start;
    const shown = ['dd', `if=${this.path}`, 'iflag=direct,skip_bytes,count_bytes', `skip=${start}`, `count=${span}`];
    const args = [String(start), String(span)];
    const result = await this.#use({ script: READ, args, end: offset + length, shown }, { signal });
    const bytes = result.stdout.subarray(offset - start, offset - start + length);
    if (result.exitCode !== 0 || bytes.length !== length) {
      const wanted = `bytes ${offset} to ${offset + length}`;
      const details = { path: this.path, wanted, got: bytes.length, said: result.stderr.trim() };
      throw new Failure(`a read on ${this.host} came back short`, details, 'Look into the kernel log there: dmesg');
    }
    return bytes;
  }

  async scan({ offset, length }: DeviceRange, see: See, signal?: AbortSignal): Promise<void> {
    see(await this.read(offset, length, signal), offset);
  }

  async write(offset: number, data: Uint8Array, signal?: AbortSignal): Promise<void> {
    const shown = ['dd', `of=${this.path}`, 'oflag=seek_bytes', 'conv=notrunc,nocreat,fsync', `seek=${offset}`];
    const use = { script: WRITE, args: [String(offset)], writes: true, end: offset + data.length, shown };
    const result = await this.#use(use, { signal, input: data });
    if (result.exitCode !== 0) {
      const details = { path: this.path, offset, length: data.length, said: result.stderr.trim() };
      throw new Failure(`a write on ${this.host} did not succeed`, details, 'Look into the kernel log there: dmesg');
    }
  }

  async firstNonZero(offset: number, length: number, signal?: AbortSignal): Promise<number | undefined> {
    const head = Math.min(length, (ALIGNMENT - (offset % ALIGNMENT)) % ALIGNMENT);
    const first = head === 0 ? -1 : (await this.read(offset, head, signal)).findIndex((byte) => byte !== 0);
    if (first >= 0 || head === length) {
      return first >= 0 ? offset + first : undefined;
    }
    const args = [String(offset + head), String(length - head)];
    const shown = ['cmp', '-i', `${offset + head}:0`, '-n', `${length - head}`, this.path, '/dev/zero'];
    const result = await this.#use({ script: ZEROS, args, end: offset + length, shown }, { signal });
    const differs = DIFFERS.exec(result.stdout.toString())?.[1];
    if (result.exitCode !== 0 && differs === undefined) {
      const what = `${this.path} on ${this.host} could not be read`;
      throw new Failure(what, { said: result.stderr.trim() }, 'Look into the kernel log there: dmesg');
    }
    return differs === undefined ? undefined : offset + head + Number(differs) - 1;
  }

  async compare(expected: readonly ExpectedRange[], signal?: AbortSignal): Promise<Mismatch[]> {
    const args = expected.flatMap(({ offset, length, sha256 = 'zeros' }) => [String(offset), String(length), sha256]);
    const shown = ['sha256sum', this.path];
    const end = Math.max(0, ...expected.map(({ offset, length }) => offset + length));
    const { stdout, stderr } = await this.#use({ script: COMPARE, args, end, shown }, { signal });
    const lines = stdout
      .toString()
      .split('\n')
      .filter((line) => line !== '');
    return lines.map((line) => {
      const range = expected[Number.parseInt(line, 10)];
      const differs = DIFFERS.exec(line)?.[1];
      // Where the device gave no more bytes cmp tells of no difference; a range that has a sum is read again by whoever wants to know.
      if (range === undefined || (range.sha256 === undefined && differs === undefined)) {
        const details = { said: `${line} ${stderr}`.trim() };
        throw new Failure(`${this.path} on ${this.host} could not be read`, details, 'Look into the kernel log there: dmesg');
      }
      return { range, at: range.offset + Number(differs ?? 1) - 1 };
    });
  }

  async run({ on, writes }: DeviceCommand, options: RunOptions = {}): Promise<CommandResult> {
    const argv = on(this.path);
    const result = await this.#use({ script: RUN, args: argv, writes, shown: argv }, options);
    return { ...result, stdout: result.stdout.toString() };
  }

  async #use({ script, args, writes = false, end = 0, shown }: Use, options: RunOptions): Promise<RemoteResult> {
    const { links, path, node, volume, isById } = this.identity;
    const mark = writes && !this.#isClaimed ? volume.mark : '';
    const proof = [path, node, this.#host.devices, idsOf(this.#host.devices), mark, String(end), links[0], links[1] ?? ''];
    const line = `${this.#host.line(shown)} # on the device of ${isById ? volume.globalId : volume.name}`;
    // A device that is still held open over there is not detached; what reads its input ends with that.
    const isTethered = options.input === undefined;
    const result = await this.#host.script(script, [...proof, ...args], { ...options, isTethered }, line);
    this.#believe(result, writes ? 'written' : 'read', end);
    this.#isClaimed ||= writes;
    return result;
  }

  #believe({ exitCode, stderr }: RemoteResult, did: 'read' | 'written', end: number): void {
    const told = stderr.split('\n');
    const at = told.findLastIndex((line) => line.startsWith(WORD));
    if (at < 0) {
      return;
    }
    const { devices } = this.#host;
    const { volume } = this.identity;
    const own = [`${devices}/${volume.name}`, `${idsOf(devices)}/${volume.globalId}`];
    const others = [...new Set(told.slice(at + 1))].filter((link) => link !== '' && !own.includes(link));
    const departure = { why: told[at]?.slice(WORD.length) ?? '', others };
    switch (exitCode) {
      case REFUSED:
        throw refusal(this.host, this.identity, departure);
      case CHANGED:
        throw unproved(this.host, this.identity, did, departure);
      case TOO_SHORT:
        throw endsBefore(this.host, this.path, end);
      case FOREIGN:
        throw foreignContent(this.host, this.identity);
      default:
    }
  }
}

/** What the host shows of a volume, in one command. Throws CouldNotCheck where who comes there may not read it. */
export async function seeRemoteDevice(
  { name: host, devices, script }: Pick<RemoteParts, 'name' | 'devices' | 'script'>,
  { name, globalId }: VolumeOfDevice,
): Promise<DeviceSight> {
  const { stdout } = await script(SEE, [devices, idsOf(devices), name, globalId], {});
  const rows = stdout
    .toString()
    .split('\n')
    .map((line) => line.split('|'));
  const [, user] = rows.find(([what]) => what === 'closed') ?? [];
  if (user !== undefined) {
    throw new CouldNotCheck(
      `${host} is reached as ${user}, who may not read its devices`,
      { device: `${devices}/${name}` },
      `Let ${user} run sudo there without a password, or reach it as root: --hosts, or ~/.ssh/config`,
    );
  }
  return {
    hasIds: rows.some(([what]) => what === 'ids'),
    byId: atLink(rows.find(([what]) => what === 'id')),
    byName: atLink(rows.find(([what]) => what === 'name')),
    leading: rows.flatMap(([what, link]) => (what === 'leads' && link !== undefined ? [link] : [])),
  };
}

function atLink(row: readonly string[] | undefined): AtLink | undefined {
  if (row === undefined) {
    return;
  }
  const [, itself, is = '', node = '', size, path = ''] = row;
  const kind = is === 'block special file' ? 'block-device' : is.startsWith('regular') ? 'file' : 'other';
  return { isLink: itself === 'symbolic link', kind, node, path, size: Number(size) };
}
