/** Whether an element is in the window or near it. */
export class InWindow {
  seen = $state(false);

  /** An attachment: `{@attach view.watch}`. */
  readonly watch = (element: Element): (() => void) => {
    const observer = new IntersectionObserver((entries) => (this.seen = entries.at(-1)!.isIntersecting), { rootMargin: '200px' });
    observer.observe(element);
    return () => observer.disconnect();
  };
}
