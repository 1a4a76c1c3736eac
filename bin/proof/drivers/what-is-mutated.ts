import { z } from 'zod';

/** A small change of a driver, as mutate.py tells of it. */
export const mutantSchema = z.object({
  id: z.string(),
  file: z.string(),
  function: z.string(),
  line: z.number(),
  what: z.string(),
});
export type Mutant = z.output<typeof mutantSchema>;

const CINDER = 'cinder/volume/drivers/storpool.py';
const CONNECTOR = 'os_brick/initiator/connectors/storpool.py';
const UTILS = 'os_brick/initiator/storpool_utils.py';

/** What is changed, and which functions of it are not: those that no service calls in a run, or only when it starts. */
export const FILES: Readonly<Record<string, readonly string[]>> = {
  // What the driver reports comes to the scheduler with a later report, so that a run would begin before the change is felt.
  [CINDER]: ['get_driver_options', 'check_for_setup_error', 'create_export', '_backendException', '_update_volume_stats'],
  // Cinder and Nova call none of these (as of 2025.1).
  [CONNECTOR]: [
    'get_search_path',
    'get_volume_paths',
    'get_all_available_volumes',
    '_get_device_size',
    'get_connector_properties',
  ],
  [UTILS]: ['get_iscsi_config', 'post_iscsi_config', 'disks_list', 'volume_templates_list'],
};

/** All scenarios in which drivers carry something out. */
export const DRIVEN = [
  ...['create', 'extend', 'delete', 'image', 'snapshot', 'from-snapshot', 'source-delete', 'boot'],
  ...['clone', 'revert', 'retype', 'second-volume', 'migration'],
];

const ATTACHED = ['image', 'second-volume'];
/** By function: what carries it out at once. */
const CARRIED_OUT_BY: Readonly<Record<string, readonly string[]>> = {
  create_volume: ['create'],
  volume_create: ['create'],
  os_to_sp_volume_name: ['create'],
  _api_call: ['create'],
  get_pool: ['create', 'clone'],
  _template_from_volume: ['create', 'retype', 'clone'],
  create_snapshot: ['snapshot'],
  snapshot_create: ['snapshot'],
  os_to_sp_snapshot_name: ['snapshot'],
  delete_snapshot: ['snapshot'],
  snapshot_delete: ['snapshot'],
  create_volume_from_snapshot: ['from-snapshot'],
  create_cloned_volume: ['clone'],
  snapshot_update: ['clone'],
  delete_volume: ['delete', 'source-delete'],
  volume_delete: ['delete'],
  volumes_reassign: ['delete', 'snapshot'],
  extend_volume: ['extend', 'second-volume'],
  volume_update: ['extend'],
  retype: ['retype'],
  update_migrated_volume: ['retype'],
  volumes_list: ['retype'],
  revert_to_snapshot: ['revert'],
  volume_revert: ['revert'],
};

export const scenariosFor = ({ function: of }: Pick<Mutant, 'function'>): readonly string[] => CARRIED_OUT_BY[of] ?? ATTACHED;

/** Only these take a volume from who has it, and who had it by hand may not have it by then: udev's look at a fresh device would refuse a healthy delete. */
const DETACHED = 'a run detaches what it has attached before it has it deleted';

/** Changes that no run can see, each with its reason: the first that fits. */
const EXCUSES: readonly (readonly [file: string, of: RegExp, what: RegExp, reason: string])[] = [
  [UTILS, /./, /^without time\.sleep/, 'it only waits between two tries'],
  [CONNECTOR, /./, /^without time\.sleep/, 'it only waits between two tries'],
  [CINDER, /./, /^swallows /, 'StorPool refuses nothing that this driver asks in a run'],
  [CONNECTOR, /./, /^swallows |exc\./, 'StorPool refuses nothing that os-brick asks in a run'],
  [CONNECTOR, /^_detach_retry$/, /'force'|count == 0/, 'what nobody has open is detached in the same way by force'],
  [
    CONNECTOR,
    /^path_to_volname$/,
    /DEV_STORPOOL$/,
    'devices go by global id: a path by name is of an attachment that an older release made',
  ],
  [UTILS, /^_api_call$/, /^swallows |err\.errno/, 'StorPool always answers'],
  [UTILS, /^_api_call$/, /connection\.close/, 'it is closed with the object'],
  [UTILS, /^get_conf$/, /overrides|override\)/, 'no variable stands above storpool.conf in a service'],
  [UTILS, /^get_conf$/, /_read_with_unnamed\(parser, path\)/, 'storpool.conf.d is empty'],
  [CINDER, /^delete_(volume|snapshot)$/, /^without .*(volumes_reassign|'detach' in)/, DETACHED],
  [UTILS, /^volumes_reassign$/, /^without /, DETACHED],
  [CINDER, /^retype$/, /^return True for/, 'no retype of a run goes to another back end, or asks for encryption'],
  [
    CINDER,
    /^retype$/,
    /v\[1\]|templ|repl/,
    'what is to change is never sent: the call itself fails, and Cinder migrates (docs/findings.md)',
  ],
  [CINDER, /^update_migrated_volume$/, /'rename'|orig_name/, 'a run migrates within StorPool, where the original is still there'],
  [CINDER, /^_storpool_client_id$/, /return 65/, 'storpool.conf names each host'],
  [
    ...([CINDER, /^create_cloned_volume$/] as const),
    /snapname|template'|'transient'|'tags'|'sizeAdd'|'parent'$|^'baseOn' for|objectExists/,
    'no clone gets into another template: the scheduler leaves it in the pool of its source, which has one (docs/findings.md)',
  ],
];

export function excuseFor({ file, function: of, what }: Mutant): string | undefined {
  return EXCUSES.find(([where, name, change]) => where === file && name.test(of) && change.test(what))?.[3];
}
