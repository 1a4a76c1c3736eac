import { OUTCOME_WORDS } from '../terminal/text.ts';
import type { Overall, VerdictOutcome } from '../verdict/verdict-schema.ts';

export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What the page says itself. What was seen, claimed or promised is told in the suite's own language on every page. */
export interface Words {
  readonly title: string;
  readonly overall: Readonly<Record<Overall, string>>;
  readonly outcomes: Readonly<Record<VerdictOutcome, string>>;
  readonly partial: string;
  readonly mock: string;
  readonly mockStorpool: string;
  /** What facts are called on a page for people who do not know how they were found. */
  readonly labels: Readonly<Record<string, string>>;
  /** The suite's own words in what it was told, and how they are said here. */
  readonly phrases: readonly (readonly [said: string | RegExp, here: string])[];
  /** What a fact of that name, or with that value, means. */
  readonly terms: Readonly<Record<string, string>>;
  /** Head of what was found of what was promised, and that all scenarios which compare every layer found it. */
  readonly found: string;
  readonly asPromised: (scenarios: number) => string;
  readonly run: string;
  readonly begun: string;
  readonly ended: string;
  readonly chapter: string;
  readonly checks: string;
  readonly check: string;
  readonly claim: string;
  readonly outcome: string;
  readonly guide: string;
  readonly theRun: string;
  readonly waived: string;
  readonly by: string;
  readonly until: string;
  readonly notLooked: string;
  readonly none: string;
  readonly notApplicable: string;
  readonly red: string;
  readonly left: string;
  readonly warnings: string;
  /** What loads came to; `load`, `before`: heads of columns. */
  readonly measured: string;
  readonly load: string;
  readonly before: string;
  readonly previous: string;
  readonly noPrevious: string;
  readonly worse: string;
  readonly better: string;
  readonly unchanged: string;
  readonly fingerprints: string;
  readonly missing: string;
  /** Of pages that were written once more, when other files had become others. */
  readonly remade: (at: string, files: string) => string;
  readonly more: (count: number) => string;
  readonly signatures: string;
  readonly carriedOut: string;
  readonly accepted: string;
  readonly name: string;
  readonly date: string;
  readonly signature: string;
  readonly annex: string;
  readonly compared: string;
  readonly field: string;
  readonly expected: string;
  readonly notCompared: string;
}

export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    title: 'Acceptance of StorPool storage in OpenStack',
    overall: {
      accepted: 'ACCEPTED',
      'accepted-with-waivers': 'ACCEPTED WITH WAIVERS',
      rejected: 'REJECTED',
      incomplete: 'INCOMPLETE',
      'could-not-run': 'COULD NOT RUN',
      leaked: 'LEAKED: SOMETHING IS LEFT BEHIND',
    },
    outcomes: OUTCOME_WORDS,
    partial: 'PARTIAL, NOT FOR SIGN-OFF',
    mock: 'MOCK, NOT FOR SIGN-OFF: no real cluster was looked at',
    mockStorpool: 'MOCK STORPOOL, NOT FOR SIGN-OFF: no real StorPool cluster was looked at',
    labels: {
      Cinder: 'Cinder API',
      Nova: 'Nova API',
      StorPool: 'StorPool API',
      releases: 'releases on the hosts',
      'at its peak': 'most at one time',
      template: 'promised template',
    },
    phrases: [],
    terms: {
      template: '(StorPool’s rule: how many copies it keeps of the data, and on which drives)',
      canary: '(the suite’s own disk image of 32 MiB, of which each block tells whose it is)',
      'at its peak': '(what the run was to have in the cloud at one moment, at the most)',
    },
    found: 'found',
    asPromised: (scenarios) =>
      `template, copies and placement as promised, by every layer, in ${scenarios} of ${scenarios} scenarios`,
    run: 'run',
    begun: 'begun',
    ended: 'ended',
    chapter: 'chapter of the deployment guide',
    checks: 'checks',
    check: 'check',
    claim: 'claim',
    outcome: 'outcome',
    guide: 'guide',
    theRun: 'The run itself',
    waived: 'Waived',
    by: 'by',
    until: 'until',
    notLooked: 'Not looked at',
    none: 'nothing',
    notApplicable: 'Not applicable',
    red: 'Not as claimed',
    left: 'Left behind',
    warnings: 'Warnings',
    measured: 'Measured with fio',
    load: 'load',
    before: 'run before',
    previous: 'Since the accepted run before',
    noPrevious: 'No run of this cluster was accepted before.',
    worse: 'worse',
    better: 'better',
    unchanged: 'Nothing has changed.',
    fingerprints: 'Fingerprints (SHA-256)',
    missing: 'missing',
    remade: (at, files) => `Made again on ${at}; an earlier page has other checksums of ${files}.`,
    more: (count) => `and ${count} more ${count === 1 ? 'line' : 'lines'}, see the annex`,
    signatures: 'Signatures',
    carriedOut: 'carried out by',
    accepted: 'accepted by',
    name: 'name',
    date: 'date',
    signature: 'signature',
    annex: 'Annex',
    compared: 'What each layer is expected to tell, after each operation, of everything that the run made',
    field: 'field',
    expected: 'expected',
    notCompared: 'not compared:',
  },
  de: {
    title: 'Abnahme von StorPool-Speicher in OpenStack',
    overall: {
      accepted: 'ABGENOMMEN',
      'accepted-with-waivers': 'ABGENOMMEN MIT AUSNAHMEN',
      rejected: 'ABGELEHNT',
      incomplete: 'UNVOLLSTÄNDIG',
      'could-not-run': 'NICHT DURCHFÜHRBAR',
      leaked: 'RÜCKSTÄNDE: ETWAS IST ZURÜCKGEBLIEBEN',
    },
    outcomes: {
      passed: 'bestanden',
      failed: 'nicht bestanden',
      'not-applicable': 'nicht anwendbar',
      blocked: 'verhindert',
      'could-not-check': 'nicht prüfbar',
      waived: 'ausgenommen',
    },
    partial: 'TEILPRÜFUNG, NICHT ZUR UNTERSCHRIFT',
    mock: 'NACHBILDUNG, NICHT ZUR UNTERSCHRIFT: kein echter Cluster wurde geprüft',
    mockStorpool: 'NACHBILDUNG, NICHT ZUR UNTERSCHRIFT: kein echter StorPool-Cluster wurde geprüft',
    labels: {
      Cinder: 'Cinder-API',
      Nova: 'Nova-API',
      StorPool: 'StorPool-API',
      'StorPool cluster': 'StorPool-Cluster',
      'StorPool release': 'StorPool-Version',
      releases: 'Versionen der Hosts',
      region: 'Region',
      project: 'Projekt',
      user: 'Benutzer',
      hosts: 'Hosts',
      hypervisors: 'Hypervisoren',
      'volume type': 'Volume-Typ',
      template: 'zugesagtes Template',
      'Cinder driver': 'Cinder-Treiber',
      'at its peak': 'höchstens zugleich',
      'there is room for': 'Platz ist für',
      flavor: 'Flavor',
      image: 'Image',
      'acted by': 'ausgeführt über',
      suite: 'Prüfprogramm',
      'run by': 'ausgeführt von',
      settings: 'Einstellungen',
      'resumed from': 'fortgesetzt von',
      'promised of loads': 'zugesagte Last',
    },
    phrases: [
      [/(\d+) volume(s?)\b/, '$1 Volume$2'],
      [/(\d+) snapshot(s?)\b/, '$1 Snapshot$2'],
      [/(\d+) servers?\b/, '$1 Server'],
      ['the embedded mock cluster', 'der nachgebildete Cluster im Prüfprogramm'],
      ['OpenStack in containers', 'OpenStack in Containern'],
      ['the live cluster', 'der Live-Cluster'],
      ['(the default)', '(die Voreinstellung)'],
      ['as the back end says', 'wie das Back-End sagt'],
      ['the smallest that will do', 'der kleinste, der genügt'],
      [/^the APIs$/, 'die APIs'],
      [/(\d+) copies\b/, '$1 Kopien'],
      [/(\d+) copy\b/, '$1 Kopie'],
      ['GiB on StorPool', 'GiB auf StorPool'],
      [
        'not known: before this run it had no volume that would tell, nor storpool.conf an SP_CLUSTER_ID',
        'nicht bekannt: vor diesem Lauf gab es kein Volume, das es sagte, und SP_CLUSTER_ID fehlt in storpool.conf',
      ],
      [
        ' by SP_CLUSTER_ID; before this run it had no volume that would tell',
        ' laut SP_CLUSTER_ID; vor diesem Lauf gab es kein Volume, das es sagte',
      ],
      [', changed since', ', seither geändert'],
      [/ and (\d+) more\b/, ' und $1 weitere'],
      [/^(\S+) on (\S+)$/, '$1 auf $2'],
      [/^beyond the guide, only played when it is asked for: /, 'über die Anleitung hinaus, nur auf Wunsch geprüft: '],
      ['the step “', 'der Schritt “'],
    ],
    terms: {
      template: '(StorPools Regel: wie viele Kopien der Daten es hält, und auf welchen Laufwerken)',
      canary: '(Disk-Image des Prüfprogramms, 32 MiB, in dem jeder Block sagt, wem er gehört)',
      'at its peak': '(was der Lauf in einem Augenblick höchstens in der Cloud haben sollte)',
    },
    found: 'gefunden',
    asPromised: (scenarios) =>
      `Template, Kopien und Platzierung wie zugesagt, in jeder Schicht, in ${scenarios} von ${scenarios} Szenarien`,
    run: 'Lauf',
    begun: 'Beginn',
    ended: 'Ende',
    chapter: 'Kapitel der Installationsanleitung',
    checks: 'Prüfungen',
    check: 'Prüfung',
    claim: 'Aussage',
    outcome: 'Ergebnis',
    guide: 'Anleitung',
    theRun: 'Der Lauf selbst',
    waived: 'Ausgenommen',
    by: 'durch',
    until: 'bis',
    notLooked: 'Nicht geprüft',
    none: 'nichts',
    notApplicable: 'Nicht anwendbar',
    red: 'Nicht wie ausgesagt',
    left: 'Zurückgeblieben',
    warnings: 'Warnungen',
    measured: 'Mit fio gemessen',
    load: 'Last',
    before: 'Lauf davor',
    previous: 'Seit dem vorigen abgenommenen Lauf',
    noPrevious: 'Kein früherer Lauf dieses Clusters wurde abgenommen.',
    worse: 'schlechter',
    better: 'besser',
    unchanged: 'Nichts hat sich geändert.',
    fingerprints: 'Prüfsummen (SHA-256)',
    missing: 'fehlt',
    remade: (at, files) => `Neu erstellt am ${at}; eine frühere Seite nennt andere Prüfsummen von ${files}.`,
    more: (count) => `und ${count} weitere ${count === 1 ? 'Zeile' : 'Zeilen'}, siehe Anhang`,
    signatures: 'Unterschriften',
    carriedOut: 'durchgeführt von',
    accepted: 'abgenommen von',
    name: 'Name',
    date: 'Datum',
    signature: 'Unterschrift',
    annex: 'Anhang',
    compared: 'Was jede Schicht nach jedem Schritt von allem sagen muss, was der Lauf erzeugt hat',
    field: 'Feld',
    expected: 'erwartet',
    notCompared: 'nicht verglichen:',
  },
};

/** In the words of the page what the suite says in its own everywhere. */
export function saidHere({ phrases }: Words, text: string): string {
  return phrases.reduce((told, [said, here]) => told.replace(said, here), text);
}
