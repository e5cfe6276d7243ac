const FORM = /^(\d+(?:\.\d+)?|\.\d+)\s*([a-zA-Zµ%/]*)$/;

/**
 * Reads decimal digits and a unit, such as `20k` or `1.5 s`: no sign, no exponent, no thousands mark.
 * @param units factor of each unit in lower case; '' is a bare number and is refused where it is missing
 * @returns null where the text has another form or the unit is unknown
 */
export function parseScaled(text: string, units: Readonly<Record<string, number>>): number | null {
  const match = FORM.exec(text.trim());
  if (match === null) return null;
  const unit = match[2].toLowerCase();
  if (!Object.hasOwn(units, unit)) return null;
  // 2.3 * 1000 is 2299.9999999999995: scaled decimal text is rounded where it was meant to be whole.
  const value = Number(match[1]) * units[unit];
  const rounded = Math.round(value);
  return Math.abs(value - rounded) < 1e-9 * Math.max(1, rounded) ? rounded : value;
}

/** A number as it is, text by its unit, anything else null. */
export function scaledOf(input: unknown, units: Readonly<Record<string, number>>): number | null {
  if (typeof input === 'number') return Number.isFinite(input) ? input : null;
  return typeof input === 'string' ? parseScaled(input, units) : null;
}
