import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Page } from 'playwright-core';

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

/** A page of a browser of its own, without a window, in English; the profile goes with it. Each of its steps may take `stepMs`. */
export async function openPage(executablePath: string, stepMs: number): Promise<OpenedPage> {
  const { chromium } = await import('playwright-core');
  // Chromium's own sandbox refuses to run as root, who alone may use devices.
  const chromiumSandbox = process.getuid?.() !== 0;
  const browser = await chromium.launch({ executablePath, args: QUIET, chromiumSandbox, timeout: STARTS_WITHIN_MS });
  const context = await browser.newContext({ viewport: SIZE, locale: 'en' });
  context.setDefaultTimeout(stepMs);
  return { page: await context.newPage(), [Symbol.asyncDispose]: () => browser.close() };
}
