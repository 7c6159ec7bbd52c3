/** Numbers, durations and intervals as readers see them: with a true minus sign, and without an exponent below a million. */

const MINUS = '\u2212';
const THIN = '\u202f';

function signed(text: string): string {
  return text.startsWith('-') ? (Number(text) === 0 ? text.slice(1) : MINUS + text.slice(1)) : text;
}

/** Fixed decimals; '–' for what is not a finite number. */
export function fixed(value: number | null | undefined, decimals = 2): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  return signed(value.toFixed(decimals));
}

/** About `digits` significant digits. Scientific notation is used only where plain notation would be hard to read. */
export function significant(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  if (magnitude >= 1e6 || magnitude < 1e-4) {
    const exponent = Math.floor(Math.log10(magnitude));
    return `${signed((value / 10 ** exponent).toFixed(Math.max(0, digits - 1)))}${THIN}×${THIN}10${superscript(exponent)}`;
  }
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(magnitude)));
  return decimals === 0 && magnitude >= 1000 ? count(Math.round(value)) : signed(value.toFixed(decimals));
}

const SUPERSCRIPTS: Record<string, string> = {
  '-': '⁻',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
};

export function superscript(integer: number): string {
  return String(integer).replace(/./g, (digit) => SUPERSCRIPTS[digit] ?? digit);
}

/** A fraction in [0, 1] as a percentage. */
export function percent(fraction: number | null | undefined, decimals = 0): string {
  if (fraction === null || fraction === undefined || !Number.isFinite(fraction)) return '–';
  return `${fixed(100 * fraction, decimals)}${THIN}%`;
}

/** An integer with thin thousands separators. */
export function count(value: number): string {
  const digits = String(Math.abs(Math.round(value)));
  const grouped = digits.length > 4 ? digits.replace(/\B(?=(\d{3})+$)/g, THIN) : digits;
  return value < 0 ? MINUS + grouped : grouped;
}

/** '1 problem', '2 problems'. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** Elapsed time: '0.4 s', '12 s', '2 min 5 s', '1 h 4 min'. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '–';
  if (seconds < 1) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min${whole % 60 === 0 ? '' : ` ${whole % 60} s`}`;
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}

/** Time left, rounded coarsely, because the estimate is not exact to the second. */
export function timeLeft(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return 'estimating the time left';
  if (seconds < 5) return 'a few seconds left';
  if (seconds < 55) return `about ${Math.ceil(seconds / 5) * 5} s left`;
  if (seconds < 3600) return `about ${Math.max(1, Math.round(seconds / 60))} min left`;
  return `about ${(seconds / 3600).toFixed(1)} h left`;
}

/** '[0.12, 0.31]' of fractions as percentages without signs: '12–31'. */
export function interval([low, high]: readonly [number, number], decimals = 0): string {
  return `${fixed(100 * low, decimals)}–${fixed(100 * high, decimals)}`;
}

/** Bytes in the unit a reader knows. */
export function bytes(n: number): string {
  if (n < 1e3) return `${n} B`;
  if (n < 1e6) return `${Math.round(n / 1e3)} kB`;
  return `${(n / 1e6).toFixed(1)} MB`;
}

/** Parameter counts: '1.2 M'. */
export function parameters(n: number): string {
  if (n < 1e6) return `${Math.round(n / 1e3)} k`;
  return `${(n / 1e6).toFixed(n < 1e7 ? 2 : 0)} M`;
}
