// One row of the market table; it draws again only when its own values have changed.

import { memo, useCallback, useSyncExternalStore } from "react";
import { Link } from "react-router";

import { Logo } from "../browser/logo.jsx";
import { amount, direction, money, percent, price, priceInFull } from "../numbers/format.js";

const SPARK_BOX = "0 0 110 28";

function useRow(store, id) {
  const subscribe = useCallback((listener) => store.subscribeRow(id, listener), [store, id]);
  const read = () => store.row(id);
  return useSyncExternalStore(subscribe, read, read);
}

export const TableRow = memo(function TableRow({ store, id, index, words, layout }) {
  const row = useRow(store, id);
  if (!row) return <WaitingRow {...{ index, layout }} />;
  return (
    <tr role="row" data-index={index} data-id={id} aria-rowindex={index + 2}>
      <td role="cell" className="c-rank">{row.rank || "—"}</td>
      <Name row={row} />
      <Price row={row} />
      <Change name="change_1h" share={row.change_1h} />
      <Change name="change_24h" share={row.change_24h} />
      <Change name="change_7d" share={row.change_7d} />
      <td role="cell" className="c-volume_24h">{money(row.volume_24h)}</td>
      <td role="cell" className="c-market_cap">{money(row.market_cap)}</td>
      <td role="cell" className="c-circulating">
        {row.circulating === null ? "—" : `${amount(row.circulating)} ${row.symbol}`}
      </td>
      <Spark path={row.spark} way={row.spark_way} />
      <Sources row={row} words={words} />
    </tr>
  );
});

// A row whose values are on their way: the same height, so that nothing moves when they come.
export function WaitingRow({ index, layout }) {
  return (
    <tr role="row" className="waiting" aria-rowindex={index + 2}>
      {layout.map(({ key }) => (
        <td role="cell" key={key} className={`c-${key}`}>
          <span className="bone" />
        </td>
      ))}
    </tr>
  );
}

function Name({ row }) {
  return (
    <td role="cell" className="c-name">
      <Link to={`/coin/${row.id}`} className="coin-link">
        <Logo logo={row.logo} symbol={row.symbol} />
        <span className="coin-words">
          <span className="coin-name">{row.name}</span>
          <span className="coin-symbol">{row.symbol}</span>
          <span className="coin-sub phone-only">
            {row.symbol} · {money(row.market_cap)}
          </span>
        </span>
      </Link>
    </td>
  );
}

function Price({ row }) {
  const full = priceInFull(row.price);
  const short = price(row.price);
  return (
    <td role="cell" className="c-price">
      <span
        key={row.flash?.number ?? 0}
        className={`price ${row.flash ? `flash-${row.flash.direction}` : ""}`}
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
        <Arrow share={row.change_24h} />
      </span>
    </td>
  );
}

function Change({ name, share }) {
  return (
    <td role="cell" className={`c-${name}`}>
      <Arrow share={share} />
    </td>
  );
}

function Arrow({ share }) {
  const way = direction(share);
  return (
    <span className={`change ${way}`}>
      {way && <span className="for-readers">{way} </span>}
      {percent(share)}
    </span>
  );
}

function Spark({ path, way }) {
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
}

function Sources({ row, words }) {
  const status = words.status[row.status] ?? { word: "unavailable", sentence: "" };
  const flags = words.flags.filter(({ bit }) => row.flags & bit).map(({ sentence }) => sentence);
  return (
    <td role="cell" className="c-sources">
      <span className="sources" title={[status.sentence, ...flags].join(" ")}>
        <span className={`dot ${status.word}`} />
        <span className="for-readers">{status.word}, </span>
        {row.sources}
        <span className="of">/{row.listed}</span>
      </span>
    </td>
  );
}
