/** Light or dark: the system's choice, until the reader makes one, which is stored. */
export type ThemeChoice = 'system' | 'light' | 'dark';
const KEY = 'mind-the-gap/theme';
const CHOICES: readonly ThemeChoice[] = ['system', 'light', 'dark'];

export class Theme {
  choice = $state<ThemeChoice>('system');
  readonly #media = matchMedia('(prefers-color-scheme: dark)');

  constructor() {
    try {
      const stored = localStorage.getItem(KEY);
      this.choice = CHOICES.find((one) => one === stored) ?? 'system';
    } catch {
      // If storage is blocked, the system's choice is used.
    }
    this.#media.addEventListener('change', () => this.#apply());
    this.#apply();
  }

  set(choice: ThemeChoice): void {
    this.choice = choice;
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // The choice is kept for this visit only.
    }
    this.#apply();
  }

  #apply(): void {
    const dark = this.choice === 'dark' || (this.choice === 'system' && this.#media.matches);
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  }
}
