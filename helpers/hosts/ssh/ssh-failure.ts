import { shellLine } from '../../commands/commands.ts';
import { Failure } from '../../failure.ts';
import type { SshRoute } from '../host.ts';

interface Kind {
  readonly says: RegExp;
  readonly what: (name: string, destination: string) => string;
  readonly advice: (command: string, name: string) => string;
}

/** What OpenSSH's client says when it cannot get through, in the order in which it must be looked for. */
const KINDS: readonly Kind[] = [
  {
    says: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    what: (name) => `the host key of ${name} has changed`,
    advice: (_, name) =>
      `Find out whether ${name} was installed anew; if so: ssh-keygen -R its address, then connect once by hand.`,
  },
  {
    says: /Host key verification failed|host key is known for/,
    what: (name) => `the host key of ${name} is not known here`,
    advice: (command) => `Connect once by hand and compare the fingerprint: ${command}`,
  },
  {
    says: /Permission denied \(|Too many authentication failures/,
    what: (name, destination) => `${name} accepts no key of ours for ${destination}`,
    advice: (command) => `Add the public key to authorized_keys there, or load the right key into the agent; try: ${command}`,
  },
  {
    says: /Connection refused/,
    what: (name) => `${name} refuses SSH connections`,
    advice: (command) => `Start sshd there, or correct the address and port; try: ${command}`,
  },
  {
    says: /Could not resolve hostname/,
    what: (name) => `the address of ${name} is not known`,
    advice: () => 'Correct the name in the inventory, in ~/.ssh/config or in the DNS.',
  },
  {
    says: /No route to host|Network is unreachable/,
    what: (name) => `there is no way to ${name}`,
    advice: (command) => `Check the network between here and there; a jump host goes into ~/.ssh/config. Try: ${command}`,
  },
  {
    says: /timed out|Timeout, server/,
    what: (name) => `${name} does not answer`,
    advice: (command) => `Look at its console: it is down, overloaded, or a firewall drops packets. Try: ${command}`,
  },
  {
    says: /Connection closed|Connection reset|kex_exchange_identification|Broken pipe/,
    what: (name) => `${name} closes the connection`,
    advice: (command) => `Read sshd's log there (MaxStartups, AllowUsers); try: ${command}`,
  },
  {
    says: /[Bb]ad (?:configuration|owner)|no argument after|Unsupported option|terminating, \d+ bad/,
    what: () => 'ssh does not accept its configuration',
    advice: (command) => `Correct what it names: ${command}`,
  },
];

/** The failure that ssh's own words tell of; undefined when the status was the remote command's. */
export function transportFailure(name: string, route: SshRoute, said: string): Failure | undefined {
  const kind = KINDS.find(({ says }) => says.test(said));
  if (kind === undefined) {
    return;
  }
  const port = route.port === undefined ? [] : ['-p', String(route.port)];
  const last = said.trim().split('\n').at(-1)?.trim();
  const details = { destination: route.destination, port: route.port, said: last };
  return new Failure(
    kind.what(name, route.destination),
    details,
    kind.advice(shellLine(['ssh', ...port, route.destination, 'true']), name),
  );
}
