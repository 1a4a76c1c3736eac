import type { StorpoolAccess } from '../config/access.ts';
import type { Watch } from '../http/openstack-api.ts';
import { StorpoolApi } from './api.ts';
import { StorpoolAttachments } from './attachments.ts';
import { StorpoolCluster } from './cluster.ts';
import { type Descendant, originOf } from './lineage.ts';
import { cinderSnapshotName, cinderVolumeName } from './names.ts';
import { StorpoolSnapshots } from './snapshots.ts';
import { StorpoolVolumes } from './volumes.ts';

/** StorPool's management API, split by resource. Opening it asks nothing. */
export class Storpool {
  readonly volumes: StorpoolVolumes;
  readonly snapshots: StorpoolSnapshots;
  readonly attachments: StorpoolAttachments;
  readonly cluster: StorpoolCluster;
  readonly prefix: string;
  readonly #api: StorpoolApi;

  constructor(access: StorpoolAccess, watch: Watch) {
    this.#api = new StorpoolApi(access, watch);
    this.prefix = access.prefix;
    this.volumes = new StorpoolVolumes(this.#api);
    this.snapshots = new StorpoolSnapshots(this.#api);
    this.attachments = new StorpoolAttachments(this.#api);
    this.cluster = new StorpoolCluster(this.#api, access.clusterId);
  }

  /** How many requests were sent, repeats after `transient` included. */
  get requests(): number {
    return this.#api.requests;
  }

  /** What Cinder's driver calls the volume. */
  volumeName(cinderId: string): string {
    return cinderVolumeName(this.prefix, cinderId);
  }

  /** What it was made of, whatever snapshots others took of it since; empty for nothing. */
  originOf(made: Descendant): Promise<string> {
    return originOf(this.snapshots, made, (name) => name.startsWith(this.snapshotName('')));
  }

  /** What Cinder's driver calls the snapshot. */
  snapshotName(cinderId: string): string {
    return cinderSnapshotName(this.prefix, cinderId);
  }
}
