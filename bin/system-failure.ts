import { CannotRun } from '../helpers/failure.ts';

const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'Free some space on that disk (df; df -i for inodes).',
  EDQUOT: 'Free some space: the quota is used up.',
  EACCES: 'Give this user the right to do that, or start as another.',
  EPERM: 'Give this user the right to do that, or start as another.',
  EROFS: 'Use a folder that can be written to.',
  EIO: 'A disk fails, or a file system was cut off: see dmesg.',
  EADDRINUSE: 'Choose other ports, or end what listens there.',
};

/** An error of the operating system that a person can mend. */
export type SystemError = NodeJS.ErrnoException & { readonly code: string };

export function isOfTheSystem(error: unknown): error is SystemError {
  return error instanceof Error && 'code' in error && String(error.code) in ADVICE;
}

export function systemFailure(error: SystemError): CannotRun {
  return new CannotRun(error.message, {}, ADVICE[error.code] ?? '', { cause: error });
}
