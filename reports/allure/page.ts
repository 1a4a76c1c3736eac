import { Failure } from '../../helpers/failure.ts';
import type { Verdict } from '../verdict/verdict-schema.ts';

/** Allure's page for people, which no option brings into line with the verdict (Allure 3.18, plugin awesome). */
export function adapted(html: string, verdict: Verdict): string {
  return inItsWords(asLongAsTheRun(withoutTracking(html), verdict), verdict).replace('<head>', `<head>\n${MANNERS}`);
}

/**
 * A time of day is told with its zone. And what is at the top, the verdict, is what one sees first: nothing scrolls to the first red result
 * before somebody has touched the page.
 */
const MANNERS = `<script>
(() => {
  const Format = Intl.DateTimeFormat;
  const zoned = (given) => (given?.hour && !given.timeZoneName ? { ...given, timeZoneName: 'short' } : given);
  Intl.DateTimeFormat = new Proxy(Format, {
    construct: (_, [locale, options]) => new Format(locale, zoned(options)),
    apply: (_, __, [locale, options]) => Format(locale, zoned(options)),
  });
  let touched = false;
  const touch = () => { touched = true; };
  for (const by of ['pointerdown', 'touchstart', 'wheel', 'keydown']) addEventListener(by, touch, { capture: true, passive: true });
  addEventListener('scroll', ({ target }) => {
    if (!touched) (target.scrollingElement ?? target).scrollTop = 0;
  }, true);
})();
</script>
<style>
@media (max-width: 600px) {
  [data-testid='base-layout'] { padding-inline: 4px !important; }
  [data-testid='base-layout'] > div > div > div { padding-inline: 12px !important; }
  [data-testid='tree-content'] [data-testid='tree-content'] { padding-inline-start: 6px !important; }
  [data-testid='tree-leaf-order'], [data-testid^='tree-leaf-transition'] { display: none; }
  [data-testid='tree-leaf-title'] { word-break: normal !important; overflow-wrap: anywhere; }
  [data-testid='tree-leaf-duration'] { width: auto !important; min-width: 0 !important; }
}
</style>`;

/** Allure counts from the first result to the last; a run begins before and ends after them. */
function asLongAsTheRun(html: string, { startedAt, endedAt }: Verdict): string {
  const [start, stop] = [Date.parse(startedAt), Date.parse(endedAt)];
  return html.replaceAll(/\{"start":\d+,"stop":\d+,"duration":\d+\}/g, JSON.stringify({ start, stop, duration: stop - start }));
}

const APP = /(src="data:text\/javascript;base64,)([A-Za-z0-9+/=]+)"/;
const STATUSES = /"statuses":\{"passed":"passed","failed":"failed","broken":"broken","skipped":"skipped"/;

/** Its statuses by what they stand for here. */
function inItsWords(html: string, { counts }: Verdict): string {
  const [whole, before = '', code = ''] = APP.exec(html) ?? [];
  if (whole === undefined) {
    return html;
  }
  const broken = [
    ...(counts.blocked > 0 || counts['could-not-check'] === 0 ? ['blocked'] : []),
    ...(counts['could-not-check'] > 0 ? ['could not be checked'] : []),
  ].join(' or ');
  const skipped = counts.waived > 0 ? 'waived or not applicable' : 'not applicable';
  const words = `"statuses":{"passed":"passed","failed":"failed","broken":"${broken}","skipped":"${skipped}"`;
  const app = Buffer.from(code, 'base64').toString().replace(STATUSES, words);
  return html.replace(whole, () => `${before}${Buffer.from(app).toString('base64')}"`);
}

const TRACKER = /<script[^>]*\bsrc="https?:[^"]*"[^>]*>\s*<\/script>\s*/g;
const TRACKER_CONFIG = /<script>\s*window\.dataLayer\b[\s\S]*?<\/script>\s*/g;
/** Anything in the markup that a browser would load from elsewhere. */
const OUTSIDE = /<(?:script|link|img|iframe|source|object|embed)\b[^>]*\b(?:src|href|data)=["']?(?:https?:)?\/\/[^\s"'>]{0,80}/i;

/**
 * Allure's template loads Google's tag manager, which no option turns off (Allure 3.18, plugin awesome): the report must open
 * offline and tell nobody. Throws Failure when anything from outside is left.
 */
export function withoutTracking(html: string): string {
  const own = html.replace(TRACKER, '').replace(TRACKER_CONFIG, '');
  const outside = OUTSIDE.exec(own)?.[0];
  if (outside !== undefined || own.includes('googletagmanager')) {
    const advice = 'Look at how this version of Allure loads it, and take it out in reports/allure/page.ts.';
    throw new Failure('the report would load something from outside', { element: outside ?? 'googletagmanager' }, advice);
  }
  return own;
}
