// How numbers are written in the browser: the same rules as app/ui/format.py, tested side by side.

export const MISSING = "—";

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
const SCALES = [
  [1, ""],
  [1e3, "K"],
  [1e6, "M"],
  [1e9, "B"],
  [1e12, "T"],
];
const ZEROS_WRITTEN = 3;
const SIGNIFICANT = 4;

const known = (value) => value !== null && value !== undefined && Number.isFinite(value);

export function fixed(value, places) {
  const [whole, fraction] = value.toFixed(places).split(".");
  const marked = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return fraction === undefined ? marked : `${marked}.${fraction}`;
}

const exponentOf = (value) => Number(value.toExponential().split("e")[1]);

function placesOf(exponent) {
  if (exponent >= 1) return 2;
  if (exponent === 0) return 4;
  return exponent >= -2 ? 6 : SIGNIFICANT - 1 - exponent;
}

export function pricePlaces(value) {
  const places = placesOf(value ? exponentOf(value) : 0);
  const rounded = Number(value.toFixed(places));
  return rounded ? placesOf(exponentOf(rounded)) : places;
}

function zerosOf(value, places) {
  const rounded = Number(value.toFixed(places));
  return rounded ? -exponentOf(rounded) - 1 : 0;
}

export function price(value) {
  if (!known(value)) return MISSING;
  const places = pricePlaces(value);
  const digits = fixed(value, places);
  const zeros = zerosOf(value, places);
  if (zeros <= ZEROS_WRITTEN || value <= 0) return `$${digits}`;
  const counted = String(zeros).replace(/\d/g, (digit) => SUBSCRIPTS[digit]);
  return `$0.0${counted}${digits.slice(2 + zeros)}`;
}

export function priceInFull(value) {
  return known(value) ? `$${fixed(value, pricePlaces(value))}` : MISSING;
}

export function amount(value) {
  if (!known(value)) return MISSING;
  let text = "";
  for (const [scale, letter] of SCALES) {
    text = fixed(value / scale, 2) + letter;
    if (!text.includes(",")) break;
  }
  return text;
}

export function money(value) {
  const short = amount(value);
  if (short === MISSING) return MISSING;
  return short.startsWith("-") ? `-$${short.slice(1)}` : `$${short}`;
}

export function percent(share) {
  if (!known(share)) return MISSING;
  const size = Math.abs(share) * 100;
  return `${fixed(size, size >= 1000 ? 0 : 2)}%`;
}

export function direction(share) {
  if (!known(share) || fixed(Math.abs(share) * 100, 2) === "0.00") return "";
  return share > 0 ? "up" : "down";
}
