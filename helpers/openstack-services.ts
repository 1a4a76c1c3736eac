import { z } from 'zod';

/** A service as the `os-services` of Cinder and of Nova tell of it. */
export const serviceFields = {
  binary: z.string(),
  host: z.string(),
  zone: z.string().nullish(),
  status: z.string(),
  state: z.string().nullish(),
  updated_at: z.string().nullish(),
  disabled_reason: z.string().nullish(),
};
const serviceSchema = z.object(serviceFields);

export function serviceOf(service: z.output<typeof serviceSchema>) {
  return {
    binary: service.binary,
    host: service.host,
    zone: service.zone ?? undefined,
    enabled: service.status === 'enabled',
    up: service.state === 'up',
    /** Of a cell that does not answer Nova shows where the service is, and nothing else (openstack/nova doc, "Handling Down Cells"). */
    isSilent: service.status === 'UNKNOWN',
    updatedAt: service.updated_at ?? undefined,
    disabledReason: service.disabled_reason ?? undefined,
  };
}

type Service = Pick<ReturnType<typeof serviceOf>, 'binary' | 'host' | 'up' | 'isSilent'>;

/**
 * For the advice under a wait that came to nothing: the services that their own API says are down, as `nova-compute on a is down. `. Nothing
 * when all are up, and nothing for users who may not ask.
 */
export async function servicesDown(ask: () => Promise<readonly Service[]>): Promise<string> {
  const services = await ask().catch((): readonly Service[] => []);
  return services
    .filter(({ up, isSilent }) => !up && !isSilent)
    .map(({ binary, host }) => `${binary} on ${host} is down. `)
    .join('');
}
