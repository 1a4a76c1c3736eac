import type { Runbook } from '../../fixtures/scenario/runbook.ts';
import type { Check } from '../../helpers/claims.ts';
import { cinderDeploymentRunbook } from '../2-cinder-backend/cinder-deployment.runbook.ts';
import { novaDeploymentRunbook } from '../6-nova-attachment/nova-deployment.runbook.ts';
import { preliminarySetupRunbook } from './preliminary-setup.runbook.ts';

/** The runbooks that only look. They come before all others, and what fails in them blocks what needs it. */
export const preflightRunbooks: readonly Runbook[] = [preliminarySetupRunbook, cinderDeploymentRunbook, novaDeploymentRunbook];

/** The claims of the preflight, in the guide's order. */
export const preflightChecks: readonly Check[] = preflightRunbooks.flatMap(({ id: scenario, checks }) =>
  Object.entries(checks).map(([id, claim]) => ({ id, scenario, ...claim })),
);
