import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pack, Unpacker } from './frames.ts';

const frames = fc.array(
  fc.record({
    kind: fc.constantFrom('O', 'S', 'X'),
    number: fc.nat(),
    payload: fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
  }),
);

test('frames come out as they went in, wherever the stream is cut', () => {
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 20 })), (sent, lengths) => {
      const stream = Buffer.concat(sent.map(({ kind, number, payload }) => pack(kind, number, payload)));
      const unpacker = new Unpacker();
      let at = 0;
      const cuts = [...lengths, stream.length];
      const received = cuts.flatMap((length) => {
        const chunk = stream.subarray(at, at + length);
        at += chunk.length;
        return unpacker.take(chunk);
      });
      expect(received).toEqual(sent);
    }),
  );
});
