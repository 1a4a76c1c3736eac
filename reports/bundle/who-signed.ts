import { checkKeyless, type Finding, isKeyless, namedIn, type Sigstore } from './keyless.ts';
import { checkSignature, type Envelope, type Trusted } from './signature.ts';
import { PAYLOAD_TYPE, type Stated } from './statement.ts';

/** Whom somebody who verifies believes: a key, or an identity that Sigstore has seen. */
export type Believed = Trusted | Sigstore;

/** Tells who has signed, or why that is not proved. */
export function lookAtSignature(
  envelope: Envelope,
  believed: Believed | undefined,
  { run }: Stated,
  found: Readonly<Record<'holds' | 'broken' | 'open', string[]>>,
): void {
  if (envelope.type !== PAYLOAD_TYPE) {
    found.broken.push(`its envelope does not hold what a bundle has, but ${envelope.type}`);
  }
  const { by, problem, open } = findingOf(envelope, believed, run.bundledAt);
  found.holds.push(...(by === undefined ? [] : [by]));
  found.broken.push(...(problem === undefined ? [] : [problem]));
  found.open.push(...(open === undefined ? [] : [open]));
}

function findingOf(envelope: Envelope, believed: Believed | undefined, at: string): Finding {
  if (believed === undefined) {
    return { open: notLookedAt(envelope) };
  }
  if ('root' in believed) {
    return checkKeyless(envelope, believed);
  }
  // Its key lived for minutes, and when that was only its log can tell.
  if (isKeyless(envelope)) {
    return { problem: `it is not signed by the key that was given, but keyless${claimed(envelope)}` };
  }
  const { by, problem } = checkSignature(envelope, believed, new Date(at));
  return problem === undefined ? { by: `it is signed by ${by}, on ${at}` } : { problem };
}

function notLookedAt(envelope: Envelope): string {
  return isKeyless(envelope)
    ? `it is signed keyless${claimed(envelope)}, which was not looked at: --trusted-root FILE --identity WHO --issuer URL`
    : 'it is signed, and by whom was not looked at: --key PUB.pem';
}

function claimed(envelope: Envelope): string {
  const named = namedIn(envelope);
  return named === undefined ? '' : `, as it says by ${named.identity} with ${named.issuer}`;
}
