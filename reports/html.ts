import { visible } from '../helpers/masking/visible.ts';

/** Text as HTML. */
export function quoted(text: string): string {
  return visible(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
