interface Service {
  readonly binary: string;
  readonly host: string;
  readonly up: boolean;
}

/**
 * For the advice under a wait that came to nothing: the services that their own API says are down, as `nova-compute on a is down. `. Nothing
 * when all are up, and nothing for users who may not ask.
 */
export async function servicesDown(ask: () => Promise<readonly Service[]>): Promise<string> {
  const services = await ask().catch((): readonly Service[] => []);
  return services
    .filter(({ up }) => !up)
    .map(({ binary, host }) => `${binary} on ${host} is down. `)
    .join('');
}
