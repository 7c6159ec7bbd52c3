/** Whether something is in the reader's window, or almost. */
export class InWindow {
  seen = $state(false);

  /** As an attachment: `{@attach view.watch}`. */
  readonly watch = (element: Element): (() => void) => {
    const observer = new IntersectionObserver((entries) => (this.seen = entries.at(-1)!.isIntersecting), { rootMargin: '200px' });
    observer.observe(element);
    return () => observer.disconnect();
  };
}
