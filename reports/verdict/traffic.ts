import type { Evidence, ServiceTraffic } from '../../helpers/evidence.ts';
import type { Verdict } from './verdict-schema.ts';

type Traffic = Verdict['traffic'];

/** What the run had to do with services, hosts and clients, counted. */
export function trafficOf(lines: readonly Evidence[]): Traffic {
  const steps = lines.filter((line) => line.type === 'step');
  const waits = steps.flatMap((step) => step.waits ?? []);
  const clients = lines.flatMap((line) => (line.type === 'scenario' && line.state === 'ended' ? (line.clients ?? []) : []));
  const services = servicesOf(lines.flatMap((line) => (line.type === 'traffic' ? line.services : [])));
  const inSteps = steps.reduce((total, step) => total + (step.exchanges ?? []).filter(({ again }) => again === true).length, 0);
  return {
    requests: steps.reduce((total, step) => total + (step.exchanges?.length ?? 0), 0),
    // Between steps and afterwards requests are sent, too.
    repeated: Math.max(inSteps, sumOf(services, 'repeated')),
    services,
    commands: steps.reduce((total, step) => total + (step.executions?.length ?? 0), 0),
    waits: waits.length,
    polls: waits.reduce((total, { polls }) => total + polls, 0),
    waitedMs: waits.reduce((total, { ms }) => total + ms, 0),
    ...(clients.length > 0 && { clients: { calls: sumOf(clients, 'calls'), ms: sumOf(clients, 'ms') } }),
  };
}

/** One scenario's figures after the other become one figure a service. */
function servicesOf(rows: readonly ServiceTraffic[]): Traffic['services'] {
  return [...Map.groupBy(rows, ({ service }) => service)].map(([service, parts]) => {
    const hindered: Record<string, number> = {};
    for (const [why, times] of parts.flatMap((part) => Object.entries(part.hindered))) {
      hindered[why] = (hindered[why] ?? 0) + times;
    }
    return { service, requests: sumOf(parts, 'requests'), repeated: sumOf(parts, 'repeated'), hindered };
  });
}

/** More repeats than these, and a larger part than that of all requests, are no accident. */
const FEW = 3;
const PART = 0.01;

/** In sentences: services that had to be asked again so often that their users will meet it. Nothing is red for it. */
export function flakyServices({ services }: Traffic): string[] {
  return services
    .filter(({ requests, repeated }) => repeated > FEW && repeated > requests * PART)
    .map(({ service, requests, repeated, hindered }) => {
      const kinds = Object.entries(hindered).map(([why, times]) => `${why}: ${times}`);
      const told = kinds.length === 0 ? '' : ` (${kinds.join(', ')})`;
      const advice = 'No check is red for it. Look into its log, and into that of the proxy before it';
      return `the API of ${service} is flaky: ${repeated} of ${requests} requests had to be sent again${told}. ${advice}`;
    });
}

function sumOf<Key extends string>(rows: readonly Readonly<Record<Key, number>>[], key: Key): number {
  return rows.reduce((total, row) => total + row[key], 0);
}
