import { runbook } from '../../fixtures/scenario/runbook.ts';
import { clusterClaims } from './cluster-claims.ts';
import { hostClaims } from './host-claims.ts';

export const preliminarySetupRunbook = runbook({
  id: 'preliminary-setup',
  chapter: 1,
  title: 'OpenStack, StorPool and every host are set up as the guide asks',
  makes: {},
  steps: {
    ask: { title: 'Ask Keystone, Cinder, Nova and StorPool how they are' },
    look: { title: 'Look at the controller and at every hypervisor, without changing anything' },
  },
  checks: { ...clusterClaims, ...hostClaims },
});
