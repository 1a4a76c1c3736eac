import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';

// Plays requests on clusters in this process, which may well die of them: that is what the other process wants to know.
enableCompileCache(join(import.meta.dirname, '..', '..', '..', 'node_modules', '.cache', 'acceptance-compiled'));

const { play } = await import('../../../fixtures/proof/fuzz/play.ts');
const { step } = await import('../../../fixtures/proof/fuzz/step.ts');

process.on('SIGINT', () => undefined);
process.once('disconnect', () => process.exit());
process.on('message', (message) => {
  void play(z.array(step).parse(message)).then((played) => process.send?.(played));
});
process.send?.('ready');
