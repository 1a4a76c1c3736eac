import type { PerformancePromises } from '../load.ts';

/** How to sign in to an OpenStack cloud: the fields of a clouds.yaml entry that the suite uses. */
export interface CloudAccess {
  readonly authUrl: string;
  readonly username: string;
  /** Wins over `username` and its domain. */
  readonly userId?: string;
  /** Or the secret of the application credential. */
  readonly password: string;
  /** When it is given, it signs in and leads to its own project: by its id, or by its name and `username`. */
  readonly applicationCredential?: { readonly id: string } | { readonly name: string };
  readonly projectName: string;
  readonly userDomainName: string;
  readonly projectDomainName: string;
  /** Wins over `userDomainName`. */
  readonly userDomainId?: string;
  /** Wins over `projectName` and its domain. */
  readonly projectId?: string;
  /** Wins over `projectDomainName`. */
  readonly projectDomainId?: string;
  readonly regionName?: string;
  /** Of several the first by which the catalogue has the service. */
  readonly interface: Face | readonly Face[];
  /** A PEM file to trust besides the system's certificates. */
  readonly cacert?: string;
  /** PEM files by which this client shows who it is: the certificate, and its key where that is not in the same file. */
  readonly cert?: string;
  readonly key?: string;
  /** The proxies by which its APIs are asked: `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` of the environment. */
  readonly proxies?: Readonly<Record<string, string>>;
  /** What holds for single services, by their official types. */
  readonly services?: { readonly [Type in ServiceType]?: ServiceAccess };
}

/** Whose endpoints of a service are meant. */
export type Face = 'public' | 'internal' | 'admin';

export type ServiceType = 'block-storage' | 'compute' | 'image';

/** Where one service is found, where that differs from the rest. */
export interface ServiceAccess {
  readonly endpoint?: string;
  readonly interface?: CloudAccess['interface'];
  readonly regionName?: string;
  /** As the catalogue has it. */
  readonly type?: string;
  /** As the catalogue has it. */
  readonly name?: string;
}

/** How to reach StorPool's management API: SP_API_HTTP_HOST, SP_API_HTTP_PORT, SP_AUTH_TOKEN, SP_OPENSTACK_VOLUME_PREFIX. */
export interface StorpoolAccess {
  readonly host: string;
  readonly port: number;
  readonly token: string;
  readonly prefix: string;
  /** SP_CLUSTER_ID, such as `d.n`, and SP_CLUSTER_NAME: what is said of the cluster, and not what its API tells. */
  readonly clusterId?: string;
  readonly clusterName?: string;
}

/** What the deployment promised: the template (and what it is made of) that new volumes must get. */
export interface Promises {
  readonly template?: string;
  readonly replication?: number;
  readonly placeAll?: string;
  readonly placeTail?: string;
  readonly volumeType?: string;
  readonly flavor?: string;
  /** `none`, `auto`, or a network id, as `nova boot --nic` takes it. */
  readonly nic: string;
  /** `canary`, `glance:NAME` or a file's path. */
  readonly image: string;
  /** How long loads last and what they must come to. */
  readonly performance?: PerformancePromises;
}

/** Longest waits, in milliseconds, by class of operation. */
export interface Limits {
  readonly volumeMs: number;
  readonly imageMs: number;
  readonly serverMs: number;
  readonly deviceMs: number;
  readonly requestMs: number;
  /** For how long a request that is hindered is sent again; 30 s when it is not said. */
  readonly patienceMs?: number;
}
