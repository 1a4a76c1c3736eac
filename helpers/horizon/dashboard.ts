import type { Locator, Page, Response } from 'playwright-core';
import type { CloudAccess } from '../config/access.ts';
import { CouldNotCheck, Failure, messageOf } from '../failure.ts';

export interface DashboardParts {
  readonly page: Page;
  /** Where Horizon is, with the slash at its end. */
  readonly url: string;
  /** Is shown what the page looks like after each act: a JPEG. */
  readonly shown: (title: string, picture: Buffer) => void;
}

/** Scripts for the page, which is not typed here. */
const SEEN_ERRORS = `[...document.querySelectorAll('.alert-danger, .modal.in .has-error, .ng-wizard .error-message')]
  .filter((one) => one.offsetParent !== null && one.innerText.trim() !== '')
  .map((one) => one.innerText.replace(/\\s+/g, ' ').trim())`;
const IS_ACCEPTED = `[...document.querySelectorAll('.messages .alert-success, .messages .alert-info')].some((one) => one.offsetParent !== null)`;
const MARK = 'accStillHere';
const IS_LOADED = `!('${MARK}' in window) && document.readyState === 'complete'`;
const STAY = `window.${MARK} = true`;
const SIGNED_OUT = 401;
const LOOK_INTO_LOGS = "Look into Horizon's log, and into that of the service that it asked.";

/**
 * Horizon, as its user sees it. Things are found by what Horizon's code goes by itself, which is the same in all languages: names of forms' fields,
 * ids of rows and actions (openstack/horizon horizon/tables/base.py, Row; horizon/tables/actions.py, get_default_attrs).
 */
export class Dashboard {
  readonly page: Page;
  readonly #parts: DashboardParts;

  constructor(parts: DashboardParts) {
    this.page = parts.page;
    this.#parts = parts;
  }

  /** Signs in to a project, and gives the id of the one that Horizon then is in. What its first page cannot show is none of this. */
  signIn({ username, password, userDomainName }: CloudAccess, projectId: string): Promise<string> {
    return this.act('sign in', async () => {
      await this.open('auth/login/');
      const { page } = this;
      await page.locator('#id_username').fill(username);
      await page.locator('#id_password').fill(password);
      const domain = page.locator('[name="domain"]:visible');
      if ((await domain.count()) > 0) {
        await this.#enter(domain, userDomainName);
      }
      await this.#leave(page.locator('form:has(#id_password) [type="submit"]'));
      if (this.#isSignedOut) {
        await this.refuseErrors();
        throw new Failure('Horizon does not sign in', { user: username }, "Look into Horizon's log.");
      }
      const signedInTo = await this.#project();
      if (signedInTo === projectId) {
        return signedInTo;
      }
      // As the menu of projects does it.
      await this.open(`auth/switch/${projectId}/`);
      return this.#project();
    });
  }

  /** Opens one of Horizon's pages. */
  async open(path: string): Promise<void> {
    await this.page.goto(new URL(path, this.#parts.url).href, { waitUntil: 'load' });
    if (path !== 'auth/login/' && this.#isSignedOut) {
      throw this.#ended();
    }
  }

  /** Does something in the words that a person would tell it in, and looks at the page. Throws Failure in Horizon's own words. */
  async act<T>(what: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      throw await this.#explained(what, error);
    } finally {
      // A password is asked for on this page alone.
      if (!this.#isSignedOut) {
        await this.page.screenshot({ type: 'jpeg', quality: 70 }).then(
          (picture) => this.#parts.shown(what, picture),
          () => undefined,
        );
      }
    }
  }

  /**
   * Clicks, and returns when Horizon has loaded its next page. Throws Failure with the errors that it shows, unless it says, too, that what was asked
   * for is under way: then they are of that page, such as a list that could not be had.
   */
  async submit(button: Locator): Promise<void> {
    await this.#leave(button);
    if (this.#isSignedOut) {
      throw this.#ended();
    }
    if (!(await this.page.evaluate<boolean>(IS_ACCEPTED))) {
      await this.refuseErrors();
    }
  }

  /**
   * Clicks what asks Horizon's own API, at a path that ends so, and returns when that has agreed and the next page is there. What else the page could
   * not have is no answer. Throws Failure with the errors that Horizon then shows, if it shows any.
   */
  async submitTo(path: string, button: Locator): Promise<void> {
    const { page } = this;
    const isAnswer = (reply: Response) => reply.request().method() === 'POST' && new URL(reply.url()).pathname.endsWith(path);
    await page.evaluate(STAY);
    const [reply] = await Promise.all([page.waitForResponse(isAnswer), button.click()]);
    if (reply.status() === SIGNED_OUT) {
      throw this.#ended();
    }
    if (!reply.ok()) {
      // It may also go on as if nothing were.
      const error = await page
        .waitForFunction(`(${IS_LOADED}) || (${SEEN_ERRORS}).length > 0`)
        .then(() => page.evaluate<string[]>(SEEN_ERRORS))
        .then((shown) => shown.join(' · ') || undefined)
        .catch(() => undefined);
      throw new Failure('Horizon refuses', { status: reply.status(), error }, LOOK_INTO_LOGS);
    }
    await page.waitForFunction(IS_LOADED);
  }

  async #leave(button: Locator): Promise<void> {
    const { page } = this;
    await page.evaluate(STAY);
    await button.click();
    await page.waitForFunction(`(${IS_LOADED}) || (${SEEN_ERRORS}).length > 0`);
  }

  /** Throws Failure with the errors that Horizon shows, if it shows any. */
  async refuseErrors(): Promise<void> {
    const errors = await this.page.evaluate<string[]>(SEEN_ERRORS);
    if (errors.length > 0) {
      throw new Failure('Horizon shows an error', { error: errors.join(' · ') }, LOOK_INTO_LOGS);
    }
  }

  /** An action of a thing, on a page that shows the thing. It may be in the menu behind its button. */
  async press(id: string, action: string): Promise<void> {
    const link = this.page.locator(`[id$="__row_${id}__action_${action}"]`);
    await link.waitFor({ state: 'attached' });
    if (!(await link.isVisible())) {
      await this.page.locator('.btn-group', { has: link }).locator('.dropdown-toggle').click();
    }
    await link.click();
  }

  async #project(): Promise<string> {
    // What Horizon's own pages ask; it holds a token, too, which goes nowhere.
    const path = new URL('api/keystone/user-session/', this.#parts.url).href;
    const reply = await this.page.context().request.get(path, { headers: { 'X-Requested-With': 'XMLHttpRequest' } });
    const { project_id: project = '' } = (await reply.json()) as { readonly project_id?: string };
    return project;
  }

  async #enter(field: Locator, value: string): Promise<void> {
    const isChoice = (await field.evaluate((node) => node.nodeName)) === 'SELECT';
    await (isChoice ? field.selectOption(value) : field.fill(value));
  }

  get #isSignedOut(): boolean {
    return new URL(this.page.url(), this.#parts.url).pathname.endsWith('/auth/login/');
  }

  #ended(): Failure {
    const advice = "Compare Horizon's SESSION_TIMEOUT with the life of Keystone's tokens, and look into Horizon's log.";
    return new Failure('Horizon has ended the session', {}, advice);
  }

  async #explained(what: string, error: unknown): Promise<unknown> {
    const { page } = this;
    if (page.isClosed() || error instanceof CouldNotCheck) {
      return error;
    }
    const shown = () =>
      this.refuseErrors().then(
        () => undefined,
        (errors: unknown) => errors,
      );
    const refused = error instanceof Failure ? error : await shown();
    if (refused instanceof Failure) {
      return new Failure(refused.what, { doing: what, ...refused.details }, refused.advice);
    }
    if (what !== 'sign in' && this.#isSignedOut) {
      const { what: happened, advice } = this.#ended();
      return new Failure(happened, { doing: what }, advice);
    }
    // The rest of what the browser tells may hold what was typed.
    const missed = /net::\w+|waiting for [^\n]*/.exec(messageOf(error))?.[0];
    const details = { doing: what, page: new URL(page.url()).pathname, 'waited for': missed };
    return new Failure('Horizon does not show what it should', details, "Look at the picture, and into Horizon's log.");
  }
}
