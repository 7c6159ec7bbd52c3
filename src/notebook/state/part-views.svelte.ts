/**
 * Decides which parts of the page follow the computation. While something runs, a part outside the window is neither laid out, painted nor
 * drawn again, so that scrolling stays smooth.
 */
import { untrack } from 'svelte';
import type { CellId } from '../cells';
import { sections } from '../lib/sections';
import { InWindow } from './window.svelte';

/** Pause between two parts that are drawn again, so that a frame and the reader's input are served. */
const RELEASE_MS = 40;

export class PartView {
  readonly #window = new InWindow();
  sparing = $state(false);
  /** An attachment for the part's element. */
  readonly watch = this.#window.watch;

  get seen(): boolean {
    return this.#window.seen;
  }
  get follows(): boolean {
    return !this.sparing || this.seen;
  }

  /** A value that changes often, as the part shows it: `read()` while the part follows, else the value from when it last did. */
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
   * Stops drawing the parts outside the window (`on`), or draws all parts again: one in a task and those in the window first, because all
   * at once would block the page.
   * @returns a function that stops drawing them again half way.
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
