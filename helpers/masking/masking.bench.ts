import { Redactor } from '../redact.ts';

const MEBI = 1024 * 1024;
const ROUNDS = 5;
const SECRETS = ['hunter22&more', '4242canary4242storpool4242', `gAAAAAB${'mhunter22_-'.repeat(16)}`];

/** Pieces that were, or might be, slow to look through when a text is nothing else. */
const PIECES = [
  ...[
    'token-',
    '-eyJ',
    'a-',
    'a',
    '\\',
    '"',
    "'",
    '\n',
    '\r',
    '\u001b',
    ' ',
    'gAAAA',
    'nQUFB',
    'eyJaaaaaaaaaaa.',
    '-eyJaaaaaaaaaaa.a',
  ],
  ...[
    '"token":""',
    '"token":"',
    "'password': '",
    'token\\',
    '"token\\\\\\": \\"',
    'token"   ',
    'token=',
    'token = "',
    'password":"\\"\\"',
  ],
  ...[
    'a://b:',
    'a://b:c@',
    'X-Auth-Token ',
    'X-Auth-Token: a ',
    'Authorization: Basic ',
    'Storpool v1:',
    'Storpool  ',
    'hunter22&mor',
    'hunter22&more',
  ],
];
/** The same with a beginning that waits for an end which never comes. */
const BEGINNINGS = ['', '"', '"token":"', "'password': '", 'token"', 'a://b:', '-eyJaaaaaaaaaaa.'];

/** Texts as they come: long lists of the services, and lines of their logs. */
function honest(): Readonly<Record<string, string>> {
  const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));
  const id = (index: number) => `0f0eb890-db19-4d75-a00d-${String(index).padStart(12, '0')}`;
  const links = (path: string) => [{ rel: 'self', href: `http://10.0.0.1:8776/v3/1c884f5e9a0e4de2b16e495cbec53f60/${path}` }];
  const volumes = many(2000, (index) => ({
    ...{ id: id(index), name: `vol-${index}`, status: 'in-use', size: 10, metadata: { acceptance_run: 'aaaaaaaa' } },
    ...{
      links: links(`volumes/${id(index)}`),
      'os-vol-host-attr:host': 'ctl@storpool#hybrid',
      encrypted: false,
      description: null,
    },
  }));
  const servers = many(2000, (index) => ({
    ...{
      id: id(index),
      name: `server-${index}`,
      status: 'ACTIVE',
      key_name: null,
      'OS-EXT-STS:task_state': null,
      links: links(id(index)),
    },
    addresses: { private: [{ version: 4, addr: `10.1.${index % 256}.7`, 'OS-EXT-IPS-MAC:mac_addr': 'fa:16:3e:4c:2c:30' }] },
  }));
  const storpool = many(2000, (index) => ({
    ...{
      name: `os--volume-${id(index)}`,
      globalId: `d.n.${index}`,
      size: 10 * 1024 ** 3,
      templateName: 'hybrid',
      tags: { cs: 'x' },
    },
    ...{ placeAll: 'hdd', placeTail: 'ssd', replication: 3, parentName: '', creationTimestamp: 1_790_000_000 + index },
  }));
  const log = many(
    6000,
    (at) => `2026-03-01 10:00:00.${at} 4711 INFO cinder.volume.manager [req-${id(at)} admin] Created volume ${id(at)}.`,
  );
  return {
    'Cinder’s volumes': JSON.stringify({ volumes }),
    'Nova’s servers': JSON.stringify({ servers }),
    'StorPool’s volumes': JSON.stringify({ generation: 1, data: storpool }),
    'a service’s log': log.join('\n'),
  };
}

/** Milliseconds of this process's own time, so that busy neighbours do not count: the least of some rounds. */
function cost(work: () => void): number {
  return Math.min(
    ...Array.from({ length: ROUNDS }, () => {
      const before = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    }),
  );
}

/** How fast texts are cleaned before they leave the process, and how long the worst text of 1 MiB takes that is known. */
export function bench(): Readonly<Record<string, string>> {
  const figures: Record<string, string> = {};
  for (const [what, text] of Object.entries(honest())) {
    const redactor = new Redactor(SECRETS);
    figures[what] = `${Math.round((text.length / MEBI / cost(() => redactor.clean(text))) * 1000)} MiB/s`;
  }
  const redactors = [new Redactor(SECRETS), new Redactor(['a'.repeat(64)])];
  const worst = PIECES.flatMap((piece) => BEGINNINGS.map((beginning) => beginning + piece.repeat(MEBI / piece.length)))
    .flatMap((text) => redactors.map((redactor) => ({ text, ms: cost(() => redactor.clean(text)) })))
    .toSorted((a, b) => b.ms - a.ms)[0];
  return { ...figures, 'the worst 1 MiB': `${worst?.ms.toFixed(0)} ms, ${JSON.stringify(worst?.text.slice(0, 30))}…` };
}
