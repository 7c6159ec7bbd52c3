/** The root of the page's state: settings, session, run and work, and how they affect each other. Components get it by context. */
import { HintedError } from '../../base/errors';
import { getContext, setContext } from 'svelte';
import type { WorkerLike } from '../../protocol/client';
import type { BackendChoice, RunConfig, RunSnapshot } from '../../protocol/messages';
import type { TaskSpec } from '../../tasks/dataset/types';
import { BUILT_IN, type ChosenTask } from '../lib/chosen-task';
import { explain } from '../lib/errors';
import { EXAMPLES } from '../lib/examples';
import { firstProblem } from '../lib/first-problem';
import { BUNDLED_POLICY, formatHash, parseHash, type HashState } from '../lib/hash';
import { RETIRED_POLICY } from '../lib/policy-folder';
import { absentNote, earlierNote, earlierRuns, isAbsent, policyFor, storedNote } from '../lib/site-policies';
import type { WorldProblem } from '../lib/world';
import { reloadIntoUpdate } from '../service-worker';
import { chosenArms, difference, runConfig, stalePieces, valuesOf, type SettingValues } from '../lib/settings';
import { Analysis } from './analysis.svelte';
import { advice, type Advice } from './environment';
import { GraderBench } from './grader-bench.svelte';
import { GradingClient } from './grading';
import { PartViews } from './part-views.svelte';
import { RunStore } from './run.svelte';
import { Session } from './session.svelte';
import { Theme } from './theme.svelte';
import { Tasks } from './tasks.svelte';
import { World } from './world';
import { Work } from './work.svelte';
import type { WorkId } from './work-ids';

/** The first and the longest pause between two looks at a run that another tab holds. */
const FIRST_LOOK_MS = 250;
const LAST_LOOK_MS = 4000;

export class Notebook {
  readonly tasks = new Tasks(new World());
  readonly session: Session;
  readonly run = new RunStore();
  readonly work: Work;
  readonly analysis = new Analysis();
  readonly parts = new PartViews();
  readonly theme = new Theme();
  readonly grading = new GradingClient();
  readonly bench = new GraderBench();
  values = $state.raw<SettingValues>({});
  backend = $state<BackendChoice>('auto');
  threads = $state<number | null>(null);
  policyName = $state('');
  /** Key of the task in the address: the chosen one, or one that is not on this device yet. */
  #taskKey = BUILT_IN;
  notes = $state.raw<Advice[]>([]);
  /** Index of the problem that the cells on problems and rewriting show. */
  selected = $state(0);
  #selectedFirst = false;
  #following = false;
  /** Whether a new version of the page is ready. "elsewhere": it waits for another tab that shows the old version. */
  update = $state<'none' | 'ready' | 'reloading' | 'elsewhere'>('none');

  /** The arms that the present settings have. */
  readonly arms = $derived(chosenArms(this.values));
  readonly #stale = $derived(this.run.values ? stalePieces(this.run.values, this.values) : new Set<WorkId>());

  constructor(spawn: () => WorkerLike) {
    this.session = new Session(spawn);
    const arms = () => this.arms;
    this.work = new Work(this.session, this.run, {
      get arms() {
        return arms();
      },
      ensureRun: () => this.ensureRun(),
      replace: (snapshot) => void this.#show(snapshot, this.run.values ?? this.values),
      staleReason: (id) => this.staleReason(id),
      lacks: (id) => this.#lacks(id),
    });
    this.#take(location.hash);
    this.notes = [...advice(this.session.environment), ...this.notes];
  }

  /**
   * Begins to load the policy. Meanwhile it draws what needs neither policy nor storage, then what is stored. Each failure becomes a
   * sentence on the page.
   */
  async start(): Promise<void> {
    this.session.start();
    const loading = this.session.load(this.policyUrl, this.backend, this.threads);
    await this.#takeTask();
    this.#showProblems();
    addEventListener('hashchange', () => this.#hashChanged());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden' && this.work.busy) void this.session.client?.ask({ type: 'flush' }).catch(() => undefined);
    });
    await this.#openQuietly();
    if (await loading) {
      await this.#openQuietly();
      this.work.resume();
      const earlier = earlierRuns((await this.session.client?.ask({ type: 'list-runs' }).catch(() => [])) ?? []);
      if (earlier.length > 0) this.#note(storedNote(earlier));
    } else await this.#withoutPolicy();
  }

  /** Loads the new version when the reader asks for it. A run in progress is stored first and goes on after the reload. */
  async takeUpdate(): Promise<void> {
    this.update = 'reloading';
    if (this.work.busy) await this.session.client?.ask({ type: 'flush' }).catch(() => undefined);
    if (!(await reloadIntoUpdate())) this.update = 'elsewhere';
  }

  get policyUrl(): string {
    return new URL(`static-models/${this.policyName}/`, document.baseURI).href;
  }

  /** The task that everything on the page is about. */
  get task(): ChosenTask {
    return this.tasks.chosen;
  }

  /**
   * Stores a task and chooses it.
   * @returns its key.
   * @throws an error with a `hint` that says what is wrong with the task, or that something is running.
   */
  async addTask(spec: TaskSpec): Promise<string> {
    this.#refuseWhileBusy();
    const key = await this.tasks.add(this.#client(), spec);
    await this.chooseTask(key);
    return key;
  }

  /** Chooses a task and loads the policy that was trained for it, if there is one. Results of other tasks stay stored. */
  async chooseTask(key: string): Promise<void> {
    if (key === this.task.key) return;
    this.#refuseWhileBusy();
    await this.tasks.choose(this.session.client, key);
    this.#taskKey = key;
    const policy = policyFor(key, this.policyName);
    const otherPolicy = policy !== this.policyName;
    this.policyName = policy;
    this.selected = 0;
    this.run.close();
    this.work.forget();
    this.#writeHash();
    this.#showProblems();
    if (otherPolicy) await this.loadPolicy();
    else await this.#openQuietly();
  }

  async chooseExample(id: string): Promise<void> {
    this.#refuseWhileBusy();
    const example = EXAMPLES.find((one) => one.id === id);
    if (example) await this.chooseTask(await this.tasks.addExample(this.#client(), example));
  }

  /** Removes a task. It rejects while stored runs need the task. If it was the chosen one, the built-in world is chosen. */
  async removeTask(key: string): Promise<void> {
    this.#refuseWhileBusy();
    await this.tasks.remove(this.#client(), key);
    if (key === this.task.key) await this.chooseTask(BUILT_IN);
  }

  #client(): NonNullable<Session['client']> {
    const { client } = this.session;
    if (!client) throw new HintedError('The worker is not running.', 'Reload the page.');
    return client;
  }

  #refuseWhileBusy(): void {
    if (!this.work.busy) return;
    throw new HintedError('The task cannot be changed while something is running.', 'Stop it or let it finish first.');
  }

  /** Opens the task that the address names. If it is not on this device, a note says so and the built-in world is shown. */
  async #takeTask(): Promise<void> {
    const { client } = this.session;
    if (client) void this.tasks.refresh(client).catch(() => undefined);
    if (this.#taskKey === this.task.key) return;
    try {
      await this.tasks.choose(client, this.#taskKey);
    } catch (error) {
      this.notes = [...this.notes, { id: 'task', ...explain(error, 'The task named in the address could not be opened.') }];
      this.#taskKey = BUILT_IN;
      await this.tasks.choose(client, BUILT_IN);
    }
  }

  #lacks(id: WorkId): string | null {
    if (this.task.trainable === 0 && !id.startsWith('evaluate:')) return 'training problems: the task has none with an expert’s text';
    if (id.startsWith('evaluate:') && this.task.testSets.length === 0) return 'a test set: the task has none';
    return null;
  }

  setValue(id: string, value: number): void {
    this.setValues({ ...this.values, [id]: value });
  }

  setValues(values: SettingValues): void {
    this.values = values;
    this.#settingsChanged();
  }

  /** Goes back to the settings that the results shown were made with. */
  restoreSettings(): void {
    if (!this.run.values) return;
    this.setValues({ ...this.run.values });
  }

  async setBackend(backend: BackendChoice, threads: number | null): Promise<void> {
    this.backend = backend;
    this.threads = threads;
    this.#writeHash();
    await this.loadPolicy();
  }

  async loadPolicy(): Promise<void> {
    if (await this.session.load(this.policyUrl, this.backend, this.threads)) await this.#openQuietly();
    else await this.#withoutPolicy();
  }

  /** The address names a policy that is not on this site: its last run if there is one, else a sentence and the default. */
  async #withoutPolicy(): Promise<void> {
    if (this.policyName === BUNDLED_POLICY || !this.session.failure || !(await isAbsent(this.policyUrl))) return;
    const name = this.policyName;
    const [earlier] = name === RETIRED_POLICY ? earlierRuns(await this.#client().ask({ type: 'list-runs' })) : [];
    if (earlier) {
      this.#note(earlierNote(earlier));
      await this.#showEarlier(earlier.config);
    } else {
      this.#note(absentNote(name));
      await this.choosePolicy(BUNDLED_POLICY);
    }
  }

  /** A run whose task and policy are not here any more: its problems are those of its rows. */
  async #showEarlier(config: RunConfig): Promise<void> {
    const snapshot = await this.#client().openRun(config).result;
    this.values = valuesOf(config);
    const problems = snapshot.rows.map(({ problemId: id, family, question, gold, expert }) => ({
      ...{ id, family, question, gold, own: '' },
      expert: expert.text,
    }));
    this.run.open(snapshot, problems, this.values);
    this.work.forget();
  }

  #note(note: Advice): void {
    this.notes = [...this.notes.filter(({ id }) => id !== note.id), note];
  }

  /** Goes over to another policy of this site. Results of other policies stay stored. */
  async choosePolicy(name: string): Promise<void> {
    this.#refuseWhileBusy();
    this.policyName = name;
    this.run.close();
    this.work.forget();
    this.#writeHash();
    this.#showProblems();
    await this.loadPolicy();
  }

  /** The differences between the settings and the run shown, in words; empty if there are none. */
  get changes(): string {
    return this.run.values ? difference(this.run.values, this.values) : '';
  }

  staleReason(id: WorkId): string | null {
    return this.changes && this.#stale.has(id) ? `settings changed (${this.changes})` : null;
  }

  /** The id of the run of the present settings. It is opened first if another one is shown. */
  async ensureRun(): Promise<string> {
    if (this.run.id && this.run.task === this.task.key && !this.changes) return this.run.id;
    await this.#open();
    return this.run.id!;
  }

  async #open(): Promise<void> {
    const { values, task } = this;
    const snapshot = await this.#client().openRun(runConfig(values, this.#policyPath(), task.key)).result;
    if (values === this.values && task === this.task) await this.#show(snapshot, values);
  }

  /** Opens a run. If that fails, a note says so and the page goes on. */
  async #openQuietly(): Promise<void> {
    try {
      await this.#open();
      this.notes = this.notes.filter((note) => note.id !== 'open');
    } catch (error) {
      if (this.session.failure) return;
      this.notes = [
        ...this.notes.filter((note) => note.id !== 'open'),
        { id: 'open', ...explain(error, 'Stored results could not be read.') },
      ];
    }
  }

  async #show(snapshot: RunSnapshot, values: SettingValues): Promise<void> {
    const problems = await this.task.problems(snapshot.config.rewrite.problems);
    this.#selectFirst(problems);
    this.run.open(snapshot, problems, values);
    this.work.forget();
    if (!snapshot.writable) void this.#followOther();
  }

  /**
   * Another tab works on the run, or this tab's former worker still holds it for a moment after a reload. Shows what that tab has stored;
   * once it lets the run go, this tab continues with the work it was asked for.
   */
  async #followOther(): Promise<void> {
    if (this.#following) return;
    this.#following = true;
    let wait = FIRST_LOOK_MS;
    while (!this.run.writable && !this.session.failure) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait = Math.min(LAST_LOOK_MS, 2 * wait);
      // Settings that changed meanwhile describe another run, which is opened when it is asked for.
      if (this.changes) break;
      await this.#openQuietly();
    }
    this.#following = false;
    if (this.run.writable && this.session.policy) this.work.resume();
  }

  /** Shows the problems alone, until a run is open. */
  #showProblems(): void {
    const { values, task } = this;
    void task.problems(values.problems!).then((problems) => {
      if (this.values !== values || this.task !== task || this.run.hasResults) return;
      this.#selectFirst(problems);
      this.run.showProblems(problems, values.k!);
    });
  }

  /** Only once: afterwards the reader chooses. */
  #selectFirst(problems: readonly WorldProblem[]): void {
    if (this.#selectedFirst) return;
    this.#selectedFirst = true;
    this.selected = firstProblem(problems);
  }

  /** The address is kept relative, so that a run is found again when the site is served from elsewhere. */
  #policyPath(): string {
    return `static-models/${this.policyName}/`;
  }

  #settingsChanged(): void {
    this.#writeHash();
    if (this.work.busy) return;
    // Without results nothing can be lost, so the run of the new settings is shown with its stored results.
    if (!this.run.hasResults) {
      this.#showProblems();
      void this.#openQuietly();
    }
  }

  #take(hash: string): void {
    const { state, problems } = parseHash(hash);
    this.values = state.values;
    this.backend = state.backend;
    this.threads = state.threads;
    this.policyName = state.policy;
    this.#taskKey = state.task;
    this.notes = problems.map((message, i) => ({ id: `address-${i}`, message, hint: 'The default is used instead.' }));
  }

  #hashChanged(): void {
    if (location.hash.replace(/^#/, '') === formatHash(this.#hash()) || this.work.busy) return;
    const policy = this.policyName;
    this.#take(location.hash);
    if (this.#taskKey === this.task.key && policy === this.policyName) this.#settingsChanged();
    // Another task or policy means another run.
    else void this.#takeTask().then(() => (this.run.close(), this.#showProblems(), this.loadPolicy()));
  }

  #hash(): HashState {
    return { values: this.values, backend: this.backend, threads: this.threads, policy: this.policyName, task: this.#taskKey };
  }

  #writeHash(): void {
    const hash = formatHash(this.#hash());
    history.replaceState(history.state, '', hash ? `#${hash}` : location.pathname + location.search);
  }
}

const KEY = Symbol('notebook');

export function provideNotebook(notebook: Notebook): Notebook {
  return setContext(KEY, notebook);
}

export function useNotebook(): Notebook {
  return getContext<Notebook>(KEY);
}
