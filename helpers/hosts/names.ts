/**
 * Whether two names are of one host: services call themselves by the full or by the short name of their node. Two full names that
 * differ are two hosts, also when they begin alike.
 */
export function sameHost(a: string, b: string): boolean {
  const [short = '', long = ''] = [a.toLowerCase(), b.toLowerCase()].toSorted((left, right) => left.length - right.length);
  return short === long || (!short.includes('.') && long.startsWith(`${short}.`));
}
