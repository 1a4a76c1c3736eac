import { openBench } from '../proof/bench.ts';
import { proveMatrix } from '../proof/matrix.ts';

export interface ProveOptions {
  /** Ids of faults; all when empty. */
  readonly fault: readonly string[];
}

/** Breaks embedded clusters on purpose and shows that the suite sees it. Returns 0 when the proof holds. */
export async function prove({ fault }: ProveOptions): Promise<number> {
  using bench = openBench();
  const holds = await proveMatrix(bench, fault);
  return holds && !bench.signal.aborted ? 0 : 1;
}
