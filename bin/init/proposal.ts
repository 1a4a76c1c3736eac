import type { ClientChoice } from '../../fixtures/actions/client-choice.ts';
import { clientsOf } from '../../fixtures/actions/client-search.ts';
import { clientOf, configurationOf, storpoolBackEnds } from '../../fixtures/preflight/configuration/service-configuration.ts';
import { type HostCase, reached } from '../../fixtures/preflight/hosts/host-case.ts';
import type { CinderPool, VolumeType } from '../../helpers/cinder/back-ends.ts';
import { destinationsOf, isStorpool, leadsToStorpoolOnly } from '../../helpers/cinder/capabilities.ts';
import type { HostRecord } from '../../helpers/hosts/host.ts';
import type { NamedHost } from '../../helpers/hosts/inventory/inventory-file.ts';
import type { Flavor } from '../../helpers/nova/cloud.ts';
import type { StorpoolTemplateStatus } from '../../helpers/storpool/cluster.ts';

const DEVICES = '/dev/storpool';

/** What a look at a cluster and its hosts found, as far as settings follow from it. */
export interface Found {
  /** Named by --cloud or OS_CLOUD; undefined: the OS_* variables or the only cloud of clouds.yaml. */
  readonly cloud: string | undefined;
  readonly authUrl: string;
  /** Of --volume-type. */
  readonly wantedType: string | undefined;
  readonly types: readonly VolumeType[];
  readonly defaultType: VolumeType | undefined;
  /** undefined: this user may not see them. */
  readonly pools: readonly CinderPool[] | undefined;
  readonly templates: readonly StorpoolTemplateStatus[];
  /** The smallest; undefined where Nova has none. */
  readonly flavor: Flavor | undefined;
  readonly hosts: readonly HostCase[];
  /** Those of `hosts` that an inventory named. */
  readonly named: readonly NamedHost[];
  /** By which a run acts here. */
  readonly clients: ClientChoice;
  /** The first of `hosts`, which are known already: this machine, or those of --hosts. */
  readonly own: readonly HostRecord[];
}

/** A line of a settings file. Without a value it is only a remark: what is to be filled in, and why it could not be. */
export interface ProposedLine {
  readonly key: string;
  readonly value?: string | number | readonly HostRecord[];
  /** Where it was found, or what is open. */
  readonly remark: string;
}

/** The settings of a run on that cluster, in the order of a file. */
export function propose(found: Found): ProposedLine[] {
  const { cloud, authUrl, flavor } = found;
  const type = proposedType(found);
  return [
    { key: 'target', value: 'live', remark: 'what these settings are for' },
    cloud === undefined
      ? { key: 'cloud', remark: `none was named; the OS_* variables, or the only cloud of clouds.yaml, lead to ${authUrl}` }
      : { key: 'cloud', value: cloud, remark: authUrl },
    type.line,
    ...promisesOf(found, type.of),
    flavor === undefined
      ? { key: 'flavor', remark: 'Nova has no flavor that this project may use' }
      : { key: 'flavor', value: flavor.name, remark: `the smallest: ${flavor.vcpus} vCPU, ${flavor.ramMiB} MiB` },
    { key: 'image', value: 'canary', remark: 'made by the run; or glance:NAME, or a file' },
    { key: 'nic', value: 'none', remark: 'or auto, or a network’s id' },
    clientsLine(found.clients),
    ...hostLines(found),
  ];
}

function clientsLine(choice: ClientChoice): ProposedLine {
  const installed = clientsOf(choice);
  const remark =
    installed.length === 0 ? 'the APIs; no client is installed here that could act' : `${installed.join(', ')}, installed here`;
  return { key: 'clients', value: choice.kind, remark };
}

interface ProposedType {
  readonly line: ProposedLine;
  readonly of: VolumeType | undefined;
}

function proposedType({ wantedType, types, defaultType, pools }: Found): ProposedType {
  const key = 'volume-type';
  const wanted = types.find(({ name }) => name === wantedType);
  if (wanted !== undefined) {
    return { of: wanted, line: { key, value: wanted.name, remark: 'as --volume-type says' } };
  }
  if (pools === undefined) {
    const of = defaultType;
    const remark = 'where it leads is for administrators to see';
    return { of, line: of === undefined ? { key, remark } : { key, value: of.name, remark: `the default; ${remark}` } };
  }
  const leading = types.filter((type) => leadsToStorpoolOnly(type, pools));
  const of = leading.find(({ name }) => name === defaultType?.name) ?? leading[0];
  if (of === undefined) {
    const poolNames = pools.filter(isStorpool).map(({ name }) => name);
    return { of, line: { key, remark: `none leads to StorPool alone; pools of StorPool: ${poolNames.join(', ') || 'none'}` } };
  }
  const others = leading.filter((type) => type !== of).map(({ name }) => name);
  const where = destinationsOf(of, pools).storpool.map(({ name }) => name);
  const remark = [
    ...(of.name === defaultType?.name
      ? ['the default']
      : defaultType === undefined
        ? []
        : [`the default is ${defaultType.name}`]),
    `leads to ${where.join(', ')}`,
    ...(others.length === 0 ? [] : [`so do ${others.join(', ')}`]),
  ].join('; ');
  return { of, line: { key, value: of.name, remark } };
}

/** What is there now. Whether it was promised only a person knows. */
function promisesOf(found: Found, type: VolumeType | undefined): ProposedLine[] {
  const ofType = type?.extraSpecs['storpool_template'];
  const ofBackEnd = ofType === undefined ? templatesInConf(found.hosts) : [];
  const name = ofType ?? (ofBackEnd.length === 1 ? ofBackEnd[0] : undefined);
  if (name === undefined) {
    const known = (ofBackEnd.length > 0 ? ofBackEnd : found.templates.map((template) => template.name)).join(', ') || 'none';
    const whose = ofBackEnd.length > 0 ? 'the back ends name' : 'StorPool has';
    return [{ key: 'template', remark: `the volume type names none, so its back end’s holds; ${whose} ${known}` }];
  }
  const copies = found.templates.find((template) => template.name === name)?.replication;
  const whose = ofType === undefined ? 'cinder.conf’s' : 'the volume type’s';
  return [
    { key: 'template', value: name, remark: `${whose} storpool_template; is it what was promised?` },
    copies === undefined
      ? { key: 'replication', remark: `StorPool tells no number of copies for ${name}` }
      : { key: 'replication', value: copies, remark: 'the template’s copies; are they what was promised?' },
  ];
}

/** Those of StorPool's back ends on all hosts that could be looked at. */
function templatesInConf(hosts: readonly HostCase[]): string[] {
  const named = hosts.flatMap((host) => {
    const facts = reached(host)?.facts;
    const config = facts === undefined ? undefined : configurationOf(facts, 'cinder-volume', 'cinder').config;
    return config === undefined
      ? []
      : storpoolBackEnds(config).enabled.flatMap((section) => config.ofBackEnd(section, 'storpool_template')?.value ?? []);
  });
  return [...new Set(named)].filter((name) => name !== '');
}

function hostLines({ hosts, named, own }: Found): ProposedLine[] {
  const roles = (host: HostCase | undefined) =>
    host === undefined || host.roles.size === 0 ? {} : { roles: [...host.roles].toSorted() };
  const records: HostRecord[] = own.map((record, i) => ({ ...record, ...roles(hosts[i]) }));
  const missing: ProposedLine[] = [];
  for (const host of hosts.slice(own.length)) {
    const facts = reached(host);
    const client = facts === undefined ? undefined : clientOf(facts);
    if (client === undefined) {
      missing.push({
        key: 'hosts',
        remark: `not ${host.name}: ${host.probed.reached ? 'its storpool.conf sets no SP_OURID' : host.probed.why}`,
      });
    } else {
      const transport = named.find(({ name }) => name === host.name)?.way ?? byName(host.name);
      records.push({ name: host.name, client, devices: DEVICES, transport, ...roles(host) });
    }
  }
  return [{ key: 'hosts', value: records, remark: 'that attach volumes, this one first' }, ...missing];
}

const byName = (destination: string) => ({ kind: 'ssh', route: { destination } }) as const;

/** Without secrets: a value that is one, or holds one, is left for a person to write, since half of it would be another value. */
export function masked(lines: readonly ProposedLine[], clean: (text: string) => string): ProposedLine[] {
  return lines.map(({ key, value, remark }) => {
    const told = clean(remark);
    const isSecret = value !== undefined && clean(JSON.stringify(value)) !== JSON.stringify(value);
    if (isSecret) {
      return { key, remark: `found, and not written here: it holds a word that is a secret of this cloud; ${told}` };
    }
    return value === undefined ? { key, remark: told } : { key, value, remark: told };
  });
}
