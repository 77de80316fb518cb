// The price of one coin over time: history by cacheable HTTP, the newest point from the page.

import { AreaSeries, CandlestickSeries, ColorType, LineStyle, createChart } from "lightweight-charts";
import { useEffect, useRef, useState } from "react";

import { price, pricePlaces } from "../numbers/format.js";
import { RANGES, fetchCandles, grown, pointOf } from "./history.js";

const RETRY_EVERY = 20_000;
const KINDS = ["Line", "Candles"];

export function Chart({ asset, name, time, value }) {
  const [range, setRange] = useState("1D");
  const [kind, setKind] = useState("Line");
  const [state, setState] = useState("loading");
  const box = useRef(null);
  const drawn = useDrawing(box, kind, value);
  useHistory(drawn, { asset, range, kind, now: time, setState });
  useTick(drawn, { time, value, kind, ready: state === "ready" });
  return (
    <section className="panel chart" aria-label={`Price chart of ${name}`}>
      <div className="chart-head">
        <Choice label="Range" options={Object.keys(RANGES)} chosen={range} choose={setRange} />
        <Choice label="Kind" options={KINDS} chosen={kind} choose={setKind} />
      </div>
      <div className="chart-box" data-state={state}>
        <div className="chart-canvas" ref={box} role="figure" aria-label={`${name} in USD, ${range}`} />
        <Message state={state} />
      </div>
    </section>
  );
}

function Choice({ label, options, chosen, choose }) {
  return (
    <div className="choice" role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option}
          type="button"
          aria-pressed={option === chosen}
          onClick={() => choose(option)}
        >
          {option}
        </button>
      ))}
    </div>
  );
}

function Message({ state }) {
  const messages = {
    empty: "Collecting: the chart begins with the first full minute.",
    away: "History is not available at the moment; live prices go on.",
  };
  return messages[state] ? <p className="chart-message">{messages[state]}</p> : null;
}

function useDrawing(box, kind, value) {
  const drawn = useRef({ candles: [], step: 60 });
  useEffect(() => {
    const chart = createChart(box.current, { autoSize: true, ...lookOf(box.current) });
    const own = drawn.current;
    Object.assign(own, { chart, series: addSeries(chart, kind, box.current, value) });
    show(own, kind);
    const repaint = () => {
      chart.applyOptions(lookOf(box.current));
      own.series.applyOptions(seriesLook(kind, box.current));
    };
    const watch = new MutationObserver(repaint);
    watch.observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
    return () => {
      watch.disconnect();
      chart.remove();
      own.chart = own.series = null;
    };
  }, [kind]);
  return drawn;
}

function useHistory(drawn, { asset, range, kind, now, setState }) {
  const market = useRef(now);
  market.current = now;
  const known = Boolean(asset && now);
  useEffect(() => {
    if (!known) return undefined;
    const stop = new AbortController();
    let again;
    const load = async () => {
      const { candles, step, failed } = await fetchCandles(asset, range, market.current, stop.signal);
      if (stop.signal.aborted) return;
      Object.assign(drawn.current, { candles, step });
      show(drawn.current, kind);
      setState(failed ? "away" : candles.length ? "ready" : "empty");
      if (!candles.length) again = setTimeout(load, RETRY_EVERY);
    };
    load();
    return () => {
      stop.abort();
      clearTimeout(again);
    };
  }, [asset, range, known]);
}

function useTick(drawn, { time, value, kind, ready }) {
  useEffect(() => {
    const { series, candles, step } = drawn.current;
    if (!ready || !series || !value || !candles.length) return;
    const start = Math.floor(time / step) * step;
    if (start < candles.at(-1).time) return;
    const candle = grown(candles, start, value);
    series.update(pointOf(candle, kind));
  }, [time, value, kind, ready]);
}

function show({ chart, series, candles }, kind) {
  series.setData(candles.map((candle) => pointOf(candle, kind)));
  chart.timeScale().fitContent();
}

function addSeries(chart, kind, element, value) {
  const places = Math.min(pricePlaces(value || 1), 12);
  const priceFormat = { type: "custom", formatter: price, minMove: 10 ** -places };
  const make = kind === "Candles" ? CandlestickSeries : AreaSeries;
  return chart.addSeries(make, { ...seriesLook(kind, element), priceFormat });
}

function seriesLook(kind, element) {
  const token = tokensOf(element);
  if (kind === "Candles") {
    const [upColor, downColor] = [token("up"), token("down")];
    const [wickUpColor, wickDownColor] = [upColor, downColor];
    return { upColor, downColor, wickUpColor, wickDownColor, borderVisible: false };
  }
  return {
    lineColor: token("accent"),
    topColor: token("accent-soft"),
    bottomColor: "transparent",
    lineWidth: 2,
    priceLineStyle: LineStyle.Dotted,
  };
}

function lookOf(element) {
  const token = tokensOf(element);
  const grid = { color: token("line-soft") };
  return {
    layout: {
      background: { type: ColorType.Solid, color: "transparent" },
      textColor: token("text-dim"),
      fontFamily: getComputedStyle(element).fontFamily,
      fontSize: 11,
    },
    grid: { vertLines: { visible: false }, horzLines: grid },
    rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.08, bottom: 0.08 } },
    timeScale: { borderVisible: false, timeVisible: true, secondsVisible: false },
    localization: { timeFormatter: localTime },
    handleScroll: { vertTouchDrag: false },
  };
}

const tokensOf = (element) => {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(`--${name}`).trim();
};

function localTime(seconds) {
  const shown = { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" };
  return new Date(seconds * 1000).toLocaleString([], shown);
}
