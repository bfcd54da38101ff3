/** Light and dark: the system's choice, until the reader chooses. */

type Theme = 'light' | 'dark';

const KEY = 'csep-theme';

const root = document.documentElement;

export const isDark = (): boolean =>
  (root.dataset['theme'] ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';

export function chooseTheme(theme: Theme): void {
  root.dataset['theme'] = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A browser may forbid files to keep anything; the choice then lasts as long as the page is open.
  }
}

export function restoreTheme(): void {
  try {
    const kept = localStorage.getItem(KEY);
    if (kept === 'light' || kept === 'dark') root.dataset['theme'] = kept;
  } catch {
    // As above.
  }
}
