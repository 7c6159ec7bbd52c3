/**
 * Which parts of the page follow what is computed. While something runs, a part outside the window is neither laid out, painted nor drawn
 * again: the reader scrolls through the others meanwhile.
 */
import { untrack } from 'svelte';
import type { CellId } from '../cells';
import { sections } from '../lib/sections';
import { InWindow } from './window.svelte';

/** Between two parts that are drawn again: room for a frame and the reader's input. */
const RELEASE_MS = 40;

export class PartView {
  readonly #window = new InWindow();
  sparing = $state(false);
  /** As an attachment on the part's element. */
  readonly watch = this.#window.watch;

  get seen(): boolean {
    return this.#window.seen;
  }
  get follows(): boolean {
    return !this.sparing || this.seen;
  }

  /** What the part shows of something that changes often: `read()`, or what it was when the part last followed. */
  held<T>(read: () => T): { readonly current: T } {
    let last: { value: T } | null = null;
    const value = $derived.by(() => {
      if (last === null || this.follows) last = { value: read() };
      return last.value;
    });
    return {
      get current() {
        return value;
      },
    };
  }
}

export class PartViews {
  readonly #views = Object.fromEntries(sections().map(({ id }) => [id, new PartView()])) as Record<CellId, PartView>;

  of(id: CellId): PartView {
    return this.#views[id];
  }

  /**
   * Spares all parts from now on, or releases them: one in a task, those in the window first, since all at once would hold the page up.
   * @returns what ends a release half way.
   */
  spare(on: boolean): () => void {
    const views = Object.values(this.#views);
    if (on) {
      for (const view of views) view.sparing = true;
      return () => undefined;
    }
    const sparing = untrack(() => views.filter((view) => view.sparing));
    const waiting = untrack(() => [...sparing.filter((view) => view.seen), ...sparing.filter((view) => !view.seen)]);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = (ms: number) => (timer = waiting.length > 0 ? setTimeout(release, ms) : undefined);
    const release = () => {
      waiting.shift()!.sparing = false;
      later(RELEASE_MS);
    };
    later(0);
    return () => clearTimeout(timer);
  }
}
