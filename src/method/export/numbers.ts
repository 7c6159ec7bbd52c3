/** 32-bit floats as short decimal numbers. */

/**
 * The shortest of 6 to 9 significant digits that reads back as the same 32-bit float; 9 tell any two apart. Other numbers are rounded to 9.
 */
export function float32(value: number): number {
  if (Math.fround(value) === value) {
    for (let digits = 6; digits < 9; digits++) {
      const short = Number(value.toPrecision(digits));
      if (Math.fround(short) === value) return short;
    }
  }
  return Number(value.toPrecision(9));
}

export function float32List(values: ArrayLike<number>): number[] {
  return Array.from(values, float32);
}
