import { nearestWord } from '../nearest-word.ts';
import { knownInAuth, type Settings } from './settings.ts';

/** What openstacksdk and the client look at in a cloud's entry (openstack/openstacksdk@0.101.0 openstack/config; osc_lib/shell.py). */
const CLOUD_KEYS = new Set(
  `auth auth_type auth_plugin auth_token token passcode profile cloud name regions region_name interface endpoint_type api_timeout
   timeout verify insecure cacert cert key cache metrics client networks external_network internal_network floating_ip_source nat_source
   nat_destination secgroup_source image_format image_api_use_tasks disable_vendor_agent message status vendor_hook requires_floating_ip
   volume_api_version default_domain identity_api_version force_ipv4 prefer_ipv6 envvar_prefix verbose_level log_level log_file
   additional_user_agent min_version max_version version access_ips statsd influxdb rate_limit concurrency share_api
   default_network flavor image wait debug beta_command clouds_yaml no_cache`.split(/\s+/),
);
/** Of single services: `<service>_` before. */
const OF_SERVICE =
  /_(?:api_version|default_microversion|endpoint|endpoint_override|endpoint_type|interface|region_name|service_name|service_type|status_code_retries|connect_retries|min_version|max_version|timeout|rate_limit|concurrency|disabled_reason|use_tasks|retries)$/;
const NEVER_UNKNOWN = /^(?:has_|os_)/;

const AUTH_KEYS = ['password', 'v3applicationcredential'].flatMap((type) => [...(knownInAuth(type) ?? [])]);

/** The keys that nobody looks at, as one note each, with the likeliest one that was meant. */
export function unknownKeys({ cloud }: Settings): string[] {
  const isKnown = (key: string) => CLOUD_KEYS.has(key) || OF_SERVICE.test(key) || NEVER_UNKNOWN.test(key);
  const strange = [...cloud.keys()].filter((key) => !isKnown(key) && !AUTH_KEYS.includes(key));
  return strange.map(
    (key) => `${key} is no setting that is known${meant(key, [...CLOUD_KEYS, ...AUTH_KEYS])}, and nobody looks at it`,
  );
}

/** Which key of `candidates` was probably meant, in brackets. */
export function meant(key: string, candidates: readonly string[]): string {
  const nearest = nearestWord(key, candidates);
  return nearest === undefined ? '' : ` (${nearest}?)`;
}
