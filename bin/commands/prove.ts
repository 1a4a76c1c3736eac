import { openProofSession } from '../proof/proof-session.ts';

export interface ProveOptions {
  /** Ids of faults; all when empty. */
  readonly fault?: readonly string[];
  /** What needs Horizon, instead. */
  readonly horizon?: boolean;
  readonly sample?: number;
  /** How many healthy clusters to play on, instead. */
  readonly healthy?: number | undefined;
  /** Dimensions in which these differ; as each seed chooses when there are none. */
  readonly vary?: readonly string[];
  /** Kill runs at so many positions of their journal, instead; at all when true. */
  readonly crash?: number | true | undefined;
  /** Switch so many checks off in turn, instead; all when true. */
  readonly mutations?: number | true | undefined;
  /** Change so many places of the packaged drivers in turn, on containers, instead; all when true. */
  readonly driverMutations?: number | true | undefined;
  /** Send so many requests by chance to the mock, instead; as many as are usual when true. */
  readonly fuzz?: number | true | undefined;
  /** Of the first healthy cluster, or of the first requests; by chance when absent. */
  readonly seed?: number | undefined;
}

/** Breaks embedded clusters on purpose and shows that the suite sees it. Returns 0 when the proof holds. */
export async function prove(options: ProveOptions): Promise<number> {
  using session = openProofSession();
  const holds = await chosen(options, session);
  return holds && !session.signal.aborted ? 0 : 1;
}

// Each is loaded only when it is asked for.
async function chosen(
  { fault = [], horizon = false, sample, healthy, vary, crash, mutations, driverMutations, fuzz, seed }: ProveOptions,
  session: ReturnType<typeof openProofSession>,
): Promise<boolean> {
  if (healthy !== undefined) {
    const { proveHealthy } = await import('../proof/healthy.ts');
    return proveHealthy(session, { runs: healthy, seed: seed ?? anySeed(), ...(vary && { vary }) });
  }
  if (crash !== undefined) {
    const { proveCrashes } = await import('../proof/crash/crash.ts');
    return proveCrashes(session, crash === true ? undefined : crash);
  }
  if (mutations !== undefined) {
    const { proveMutations } = await import('../proof/mutations.ts');
    return proveMutations(session, { sample: mutations === true ? undefined : mutations, seed: seed ?? anySeed() });
  }
  if (driverMutations !== undefined) {
    const { proveDriverMutations } = await import('../proof/drivers/driver-mutations.ts');
    const sample = driverMutations === true ? undefined : driverMutations;
    return proveDriverMutations(session, { sample, seed: seed ?? anySeed() });
  }
  if (fuzz !== undefined) {
    const { proveFuzz } = await import('../proof/fuzz/fuzz.ts');
    return proveFuzz(session, { requests: fuzz === true ? USUAL_REQUESTS : fuzz, seed: seed ?? anySeed() });
  }
  const { proveMatrix } = await import('../proof/matrix.ts');
  const drawn = sample === undefined ? undefined : { of: sample, seed: seed ?? anySeed() };
  if (drawn !== undefined) {
    session.say(`${drawn.of} faults by chance, seed ${drawn.seed}`);
  }
  return proveMatrix(session, { ids: fault, ...(horizon && { needs: 'horizon' }), sample: drawn });
}

const USUAL_REQUESTS = 20_000;
const MOST_SEEDS = 1_000_000;

const anySeed = () => Math.floor(Math.random() * MOST_SEEDS);
