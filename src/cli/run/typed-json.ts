/** JSON with typed arrays, exactly: {"$": "f32", "v": [...]}. Numbers are written so that they read back bit for bit; −∞ and NaN as texts. */
import { float32 } from '../../method/export/numbers';

const KINDS = { f32: Float32Array, f64: Float64Array, i32: Int32Array } as const;
type Kind = keyof typeof KINDS;

function kindOf(value: unknown): Kind | null {
  for (const [kind, type] of Object.entries(KINDS)) if (value instanceof type) return kind as Kind;
  return null;
}

export function encode(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => {
    const kind = kindOf(item);
    if (!kind) return item;
    const write = (x: number) => (Number.isFinite(x) ? (kind === 'f32' ? float32(x) : x) : String(x));
    return { $: kind, v: Array.from(item as Float64Array, write) };
  });
}

export function decode(text: string): unknown {
  return JSON.parse(text, (_, item: unknown) => {
    if (typeof item !== 'object' || item === null || !('$' in item) || !('v' in item)) return item;
    return KINDS[item.$ as Kind].from((item.v as (number | string)[]).map(Number));
  });
}
