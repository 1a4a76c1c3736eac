import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { runsIn, station } from '../../testing/npm-for-tests.ts';
import { Command } from '../../testing/supervised-run.ts';

const PATIENCE = { timeout: 600_000 };
const html = { 'content-type': 'text/html' };
const json = { 'content-type': 'application/json' };
let pages = 0;

/** What may answer to the first list in place of Cinder, and what is told of it. */
const REPLIES = {
  'an error': [
    { status: 500, headers: html, stream: Buffer.from('<h1>oops</h1>') },
    /Cinder refused GET \/volumes\/detail with 500: oops/,
  ],
  'a proxy whose service is away': [{ status: 503, headers: html, stream: Buffer.from('no server') }, /with 503: no server/],
  'a page of HTML': [
    { status: 200, headers: html, stream: Buffer.from('<html>log in') },
    /content-type: text\/html\n {2}begins: "<html>log in"/,
  ],
  'other JSON': [{ status: 200, headers: json, stream: Buffer.from('{"shares": []}') }, /field: volumes\n/],
  compressed: [
    { status: 200, headers: { ...json, 'content-encoding': 'gzip' }, stream: gzipSync('{"volumes": []}') },
    /the reply of Cinder cannot be read: it is encoded as gzip/,
  ],
  'a redirect': [
    { status: 302, headers: { location: 'https://sso.example/login' }, stream: Buffer.from('') },
    /Cinder answered GET \/volumes\/detail with 302: redirects to https:\/\/sso\.example\/login/,
  ],
  'a list without end': [
    () => {
      pages += 1;
      const page = { volumes: [], volumes_links: [{ rel: 'next', href: `http://x/?marker=${pages}` }] };
      return { status: 200, headers: json, stream: Buffer.from(JSON.stringify(page)) };
    },
    /Cinder's list of volumes does not end/,
  ],
} as const;

test('whatever answers to the first list in place of the service, no run begins, and the cause is told', PATIENCE, async () => {
  await using place = await station();
  const told = [];
  for (const [id, [reply, words]] of Object.entries(REPLIES)) {
    const act = () => Promise.resolve(typeof reply === 'function' ? reply() : reply);
    place.cluster.core.faults.add({ id, kind: 'lie', cause: 'something else answers', seam: 'cinder.listVolumesDetail', act });
    const command = new Command(['run', '--only', 'create', '--yes'], place.environment);
    const code = await command.ended;
    place.cluster.core.faults.remove(id);
    const { output } = command;
    told.push({ id, code, isTold: words.test(output), isPlain: !/\n {4}at /.test(output), runs: runsIn(place.runsDir), output });
  }

  expect(told.filter(({ code, isTold, isPlain, runs }) => code !== 2 || !isTold || !isPlain || runs.length > 0)).toEqual([]);
});
