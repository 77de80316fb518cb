// One row of the market table; it draws again only when its own values have changed.

import { memo, useCallback, useSyncExternalStore } from "react";
import { Link } from "react-router";

import { Logo } from "../browser/logo.jsx";
import {
  amount,
  direction,
  money,
  percent,
  priceInFull,
  price as shortPrice,
} from "../numbers/format.js";

const SPARK_BOX = "0 0 110 28";

function useRow(store, id) {
  const subscribe = useCallback((listener) => store.subscribeRow(id, listener), [store, id]);
  const read = () => store.row(id);
  return useSyncExternalStore(subscribe, read, read);
}

export const TableRow = memo(function TableRow({ store, id, index, words, layout }) {
  const row = useRow(store, id);
  if (!row) return <WaitingRow {...{ index, layout }} />;
  const { name, symbol, logo, rank, price, flash, circulating, spark, spark_way } = row;
  const { sources, listed, status, flags } = row;
  const cap = money(row.market_cap);
  const day = percent(row.change_24h);
  const way = direction(row.change_24h);
  return (
    <tr role="row" data-index={index} data-id={id} aria-rowindex={index + 2}>
      <td role="cell" className="c-rank">
        {rank || "—"}
      </td>
      <Name {...{ id, name, symbol, logo, cap }} />
      <Price {...{ price, flash, day, way }} />
      <Change name="change_1h" text={percent(row.change_1h)} way={direction(row.change_1h)} />
      <Change name="change_24h" text={day} way={way} />
      <Change name="change_7d" text={percent(row.change_7d)} way={direction(row.change_7d)} />
      <td role="cell" className="c-volume_24h">
        {money(row.volume_24h)}
      </td>
      <td role="cell" className="c-market_cap">
        {cap}
      </td>
      <td role="cell" className="c-circulating">
        {circulating === null ? "—" : `${amount(circulating)} ${symbol}`}
      </td>
      <Spark path={spark} way={spark_way} />
      <Sources {...{ sources, listed, status, flags, words }} />
    </tr>
  );
});

// A row whose values are on their way: the same height, so that nothing moves when they come.
export function WaitingRow({ index, layout }) {
  return (
    <tr role="row" className="waiting" aria-rowindex={index + 2}>
      {layout.map(({ key }) => (
        <td key={key} role="cell" className={`c-${key}`}>
          <span className="bone" />
        </td>
      ))}
    </tr>
  );
}

const Name = memo(function Name({ id, name, symbol, logo, cap }) {
  return (
    <td role="cell" className="c-name">
      <Link to={`/coin/${id}`} className="coin-link">
        <Logo logo={logo} symbol={symbol} />
        <span className="coin-words">
          <span className="coin-name">{name}</span>
          <span className="coin-symbol">{symbol}</span>
          <span className="coin-sub phone-only">
            {symbol} · {cap}
          </span>
        </span>
      </Link>
    </td>
  );
});

const Price = memo(function Price({ price, flash, day, way }) {
  const full = priceInFull(price);
  const short = shortPrice(price);
  return (
    <td role="cell" className="c-price">
      <span
        key={flash?.number ?? 0}
        className={`price ${flash ? `flash-${flash.direction}` : ""}`}
        title={full}
      >
        {short === full ? (
          short
        ) : (
          <>
            <span aria-hidden="true">{short}</span>
            <span className="for-readers">{full}</span>
          </>
        )}
      </span>
      <span className="phone-only">
        <Arrow text={day} way={way} />
      </span>
    </td>
  );
});

const Change = memo(function Change({ name, text, way }) {
  return (
    <td role="cell" className={`c-${name}`}>
      <Arrow text={text} way={way} />
    </td>
  );
});

function Arrow({ text, way }) {
  return (
    <span className={`change ${way}`}>
      {way && <span className="for-readers">{way} </span>}
      {text}
    </span>
  );
}

const Spark = memo(function Spark({ path, way }) {
  return (
    <td role="cell" className="c-spark">
      {path ? (
        <svg viewBox={SPARK_BOX} className={`spark ${way}`} aria-hidden="true">
          <path d={path} />
        </svg>
      ) : (
        "—"
      )}
    </td>
  );
});

const Sources = memo(function Sources({ sources, listed, status, flags, words }) {
  const { word, sentence } = words.status[status] ?? { word: "unavailable", sentence: "" };
  const reasons = words.flags.filter(({ bit }) => flags & bit).map((flag) => flag.sentence);
  return (
    <td role="cell" className="c-sources">
      <span className="sources" title={[sentence, ...reasons].join(" ")}>
        <span className={`dot ${word}`} />
        <span className="for-readers">{word}, </span>
        {sources}
        <span className="of">/{listed}</span>
      </span>
    </td>
  );
});
