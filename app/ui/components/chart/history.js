// Candles as the API gives them: columns of equal length, oldest first.

const DAY = 86_400;

export const RANGES = {
  "1H": { seconds: DAY / 24, interval: "1m" },
  "1D": { seconds: DAY, interval: "1m" },
  "7D": { seconds: 7 * DAY, interval: "1h" },
  "1M": { seconds: 30 * DAY, interval: "1h" },
  "1Y": { seconds: 365 * DAY, interval: "1h" },
};

const STEP = { "1m": 60, "1h": 3600 };
const NOTHING = { candles: [], step: 60 };

// The candles of the range that ends at `now`: the interval that suits it, unless the other one
// reaches further back, as hours do on the first day and minutes in the first hour.
export async function fetchCandles(asset, range, now, signal) {
  const { seconds, interval } = RANGES[range];
  try {
    const wanted = await ask(asset, interval, now - seconds, now, signal);
    if (covered(wanted) > seconds / 2) return wanted;
    const other = interval === "1m" ? "1h" : "1m";
    const instead = await ask(asset, other, now - Math.min(seconds, DAY), now, signal);
    return covered(instead) > covered(wanted) ? instead : wanted;
  } catch (error) {
    return { ...NOTHING, failed: error.name !== "AbortError" };
  }
}

// Seconds from the first candle to the last.
export function covered({ candles }) {
  return candles.length ? candles.at(-1).time - candles[0].time : 0;
}

async function ask(asset, interval, from, to, signal) {
  const step = STEP[interval];
  const query = new URLSearchParams({
    interval,
    from: Math.floor(from / step) * step,
    to: Math.ceil(to / step) * step,
  });
  const path = `/api/v1/assets/${encodeURIComponent(asset)}/candles?${query}`;
  const answer = await fetch(path, { signal });
  if (!answer.ok) throw new Error(`candles: ${answer.status}`);
  return { candles: rowsOf(await answer.json()), step };
}

function rowsOf({ time, open, high, low, close }) {
  return time.map((start, index) => ({
    time: start,
    open: open[index],
    high: high[index],
    low: low[index],
    close: close[index],
  }));
}

export function pointOf(candle, kind) {
  const time = toLocal(candle.time);
  return kind === "Candles" ? { ...candle, time } : { time, value: candle.close };
}

// The library writes times as UTC, so the axis shows the reader's clock by shifting them.
function toLocal(seconds) {
  return seconds - new Date(seconds * 1000).getTimezoneOffset() * 60;
}

// The newest candle after one more price: the last one goes on, or a new one begins.
export function grown(candles, start, value) {
  const last = candles.at(-1);
  if (last.time !== start) {
    candles.push({ time: start, open: value, high: value, low: value, close: value });
    return candles.at(-1);
  }
  last.high = Math.max(last.high, value);
  last.low = Math.min(last.low, value);
  last.close = value;
  return last;
}
