/** What help tells after a list of commands, by heading. */
export const SECTIONS = {
  Examples: [
    'npm run acceptance                          a first look, on the embedded cluster',
    "npm run acceptance -- init --cloud prod     find a live cluster's settings",
    'npm run acceptance -- plan --target live    what a run would make there',
    'npm run acceptance -- --target live --template hybrid --replication 3',
    'npm run acceptance -- --last-failed         only what was not green',
  ],
  'Exit codes of a run': [
    '0  accepted, or accepted with waivers',
    '1  a check failed, was blocked or could not be looked at',
    '2  it could not run, and made nothing',
    '3  something was left behind',
    '130, 143, 129  interrupted, and swept all the same',
  ],
} as const;

export const HELP_AFTER = Object.entries(SECTIONS)
  .map(([heading, lines]) => `\n${heading}:\n${lines.map((line) => `  ${line}`).join('\n')}`)
  .join('\n');
