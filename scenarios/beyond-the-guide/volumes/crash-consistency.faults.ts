import type { ProvenFault } from '../../../fixtures/mock/faults/proven-fault.ts';

export const crashConsistencyFaults: readonly ProvenFault[] = [];
