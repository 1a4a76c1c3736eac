import { visibleLine } from '../../helpers/masking/visible.ts';
import type { Ci } from './ci.ts';

const SECTION = 'acceptance_run';
const SECOND = 1000;

/**
 * A section that can be folded. Its markers begin and end by a sequence and a carriage return, which nothing that is shown of others can hold
 * (https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections). What came out GitLab reads of junit.xml.
 */
export function gitlab(write: (text: string) => void, now = () => Date.now()): Ci {
  let isOpen = false;
  const mark = (which: string, text: string) =>
    write(`\x1b[0Ksection_${which}:${Math.floor(now() / SECOND)}:${SECTION}\r\x1b[0K${text}\n`);
  const close = () => {
    if (isOpen) {
      isOpen = false;
      mark('end', '');
    }
  };
  return {
    open: (title) => {
      isOpen = true;
      mark('start', visibleLine(title));
    },
    close,
    tell: close,
    refuse: (why) => {
      close();
      write(`${why}\n`);
    },
    [Symbol.dispose]: close,
  };
}
