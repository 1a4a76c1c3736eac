import { type Command, InvalidArgumentError, Option } from 'commander';

/** Declares what `prove` can be asked for. */
export function addProofs(command: Command): Command {
  return command
    .option('--fault <id...>', 'only these faults, each told in full')
    .addOption(new Option('--sample <faults>', 'so many faults by chance').argParser(counted).conflicts('fault'))
    .option('--horizon', "instead, what needs Debian's Horizon and a browser, which is left out else")
    .addOption(
      new Option('--healthy <clusters>', 'play on so many healthy clusters, each different: nothing may turn red').argParser(
        whole,
      ),
    )
    .option('--vary <dimension...>', 'healthy clusters that differ in these alone, besides how they are deployed')
    .addOption(
      new Option('--crash [runs]', 'kill full runs at every position of their journal, or at so many, and sweep').argParser(
        whole,
      ),
    )
    .addOption(
      new Option('--mutations [checks]', 'switch every check off in turn, or so many: the matrix must miss it').argParser(whole),
    )
    .addOption(
      new Option(
        '--driver-mutations [changes]',
        'change every place of the packaged drivers in turn, or so many, on containers: a check must see it',
      ).argParser(whole),
    )
    .addOption(
      new Option('--fuzz [requests]', 'send 20,000 requests by chance and in bad form to the mock, or so many').argParser(whole),
    )
    .addOption(new Option('--seed <number>', 'of what is drawn by chance, to see it again').argParser(whole));
}

function counted(text: string): number {
  const value = whole(text);
  if (value === 0) {
    throw new InvalidArgumentError('Of none nothing is proved.');
  }
  return value;
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) {
    throw new InvalidArgumentError(`${text} is not a whole number.`);
  }
  return value;
}
