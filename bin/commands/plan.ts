import { chooseClients, isInstalled } from '../../fixtures/actions/client-search.ts';
import { newRunId } from '../../fixtures/run/run.ts';
import { EMBEDDED_PREFIX, EMBEDDED_PROMISES } from '../../fixtures/targets/embedded-promises.ts';
import { commandBook, type Spelling } from '../../helpers/commands/commands.ts';
import { glanceName, readSettings, type SettingOptions, type Settings, systemEnvironment } from '../../helpers/config/config.ts';
import { CannotRun } from '../../helpers/failure.ts';
import { renderPlan } from '../../reports/terminal/plan.ts';
import { manifest } from '../../scenarios/manifest.ts';
import { type PlanOptions, plans } from '../../scenarios/plan.ts';
import { runsFolder } from '../runs-folder.ts';
import { selected } from '../selected.ts';

/** Prints what a run would make and do. Reads no cluster and writes nothing. */
export function plan(options: SettingOptions): number {
  const settings = readSettings(options);
  const { scenarios } = selected(settings, runsFolder);
  const commands = commandBook(spellingFor(settings));
  const planned = plans(newRunId(Date.now()), { promises: promisesOf(settings), commands, scenarios });
  process.stdout.write(renderPlan(planned, manifest.chapters));
  process.stdout.write(imageNote(settings.image));
  return 0;
}

/** The sizes of the plan are those of the canary; another image is not looked into before a run. */
function imageNote(image: string): string {
  if (image === 'canary') {
    return '';
  }
  const kept = glanceName(image) !== undefined ? ', and nothing is uploaded in its place' : '';
  return `\nThe sizes are those for the canary image. Volumes made from ${image} are as large as that image${kept}.\n`;
}

/** What a person would type depends on these; a live cluster's own choices are not known without asking it. */
function promisesOf({ target, flavor, nic, volumeType }: Settings): PlanOptions['promises'] {
  const given = { nic, ...(flavor === undefined ? {} : { flavor }), ...(volumeType === undefined ? {} : { volumeType }) };
  return { prefix: EMBEDDED_PREFIX, ...(target === 'embedded' ? { flavor: EMBEDDED_PROMISES.flavor } : {}), ...given };
}

/** As a run from here would type; where the clients that were asked for are missing, as one elsewhere would. */
function spellingFor({ clients: wanted, target }: Settings): Spelling {
  const { PATH = '' } = systemEnvironment();
  const choosing = { wanted, target } as const;
  try {
    return chooseClients({ ...choosing, has: (command) => isInstalled(command, PATH) }).spelling;
  } catch (error) {
    if (!(error instanceof CannotRun)) {
      throw error;
    }
    return chooseClients({ ...choosing, has: () => true }).spelling;
  }
}
