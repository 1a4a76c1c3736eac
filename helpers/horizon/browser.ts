import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Page } from 'playwright-core';
import { Failure, messageOf } from '../failure.ts';
import { trustedKeyAt, Untrusted } from '../http/certificates.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** It asks nobody but the page it is sent to. */
const QUIET = [
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** A busy machine takes its time to start one. */
const STARTS_WITHIN_MS = 180_000;
const SIZE = { width: 1280, height: 900 };

/** The browser on this PATH; undefined when there is none that is known. */
export function findBrowser(path: string): string | undefined {
  const all = path.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return all.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export interface OpenedPage extends AsyncDisposable {
  readonly page: Page;
}

export interface BrowserParts {
  /** The browser itself. */
  readonly executable: string;
  /** All that it sees of the environment: pages are of others, and this process has secrets that none of them needs. */
  readonly environment: Readonly<Record<string, string>>;
  /** Is made for all that it writes, and is the caller's to remove: a browser that is killed leaves nothing elsewhere. */
  readonly folder: string;
  /** Where it will be sent. */
  readonly url: string;
  /** How long each of its steps may take. */
  readonly stepMs: number;
}

/**
 * A page of a browser of its own, without a window, in English. Whose certificate this suite trusts, it trusts, too, and no other that it does not
 * know by itself. Throws Failure where this suite does not, or nobody answers.
 */
export async function openPage({ executable, environment, folder, url, stepMs }: BrowserParts): Promise<OpenedPage> {
  const trusted = url.startsWith('https:') ? [`--ignore-certificate-errors-spki-list=${await keyAt(url)}`] : [];
  const { chromium } = await import('playwright-core');
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    artifactsDir: join(folder, 'artifacts'),
    executablePath: executable,
    env: { ...environment },
    args: [...QUIET, ...trusted],
    // Chromium's own sandbox refuses to run as root, who alone may use devices.
    chromiumSandbox: process.getuid?.() !== 0,
    timeout: STARTS_WITHIN_MS,
    viewport: SIZE,
    locale: 'en',
  });
  context.setDefaultTimeout(stepMs);
  return { page: await context.newPage(), [Symbol.asyncDispose]: () => context.close() };
}

async function keyAt(url: string): Promise<string> {
  try {
    return await trustedKeyAt(url);
  } catch (error) {
    const isUntrusted = error instanceof Untrusted;
    const what = isUntrusted ? 'Horizon cannot be trusted' : 'Horizon does not answer';
    const advice = isUntrusted ? error.advice : 'Compare its address with that of --horizon.';
    throw new Failure(what, { at: url, reason: messageOf(error) }, advice, { cause: error });
  }
}
