import type { Ci } from './ci.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';

export interface CiOutput {
  /** Writes text as all that is printed. */
  readonly say: (text: string) => void;
  /** Writes the suite's own words, in which a carriage return stays one. */
  readonly mark: (text: string) => void;
}

/** The CI that this process is part of, by what it says of itself in the environment. */
export function ciIn(environment: Readonly<Record<string, string | undefined>>, { say, mark }: CiOutput): Ci | undefined {
  if (environment['GITHUB_ACTIONS'] === 'true') {
    return github(say, environment['GITHUB_STEP_SUMMARY']);
  }
  return environment['GITLAB_CI'] === 'true' ? gitlab(mark) : undefined;
}
