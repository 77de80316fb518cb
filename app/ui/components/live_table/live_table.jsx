// The market table: frames in, rows out. One page of it, or one virtual list of everything.

import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { Link, useNavigate } from "react-router";

import { useTakeover } from "../browser/takeover.js";
import { moveTo } from "./keyboard.js";
import { Columns, Head } from "./table_head.jsx";
import { TableRow, WaitingRow } from "./table_row.jsx";
import { TableStore } from "./table_store.js";

const WAITING_ROWS = 24;
const ASK_AGAIN_AFTER = 1000;
const SCROLL_PAUSE = 80;

export function LiveTable(props) {
  const { patch, columns, layout, words, rowHeight, rowHeightPhone, phone } = props;
  const { order, descending, everything, onReach, onResync } = props;
  const [store] = useState(() => new TableStore(columns));
  const view = useSyncExternalStore(store.subscribeView, store.view, store.view);
  const height = useRowHeight(rowHeight, rowHeightPhone, phone);
  useFrames(store, patch, onResync);
  useTakeover(view.known);
  return (
    <div className="table-frame">
      <NewOrder store={store} />
      <table
        role="table"
        className={`market ${everything ? "everything" : ""}`}
        aria-label="Cryptocurrency prices"
        aria-rowcount={view.known ? view.total + 1 : -1}
        aria-busy={!view.known}
      >
        <Columns layout={layout} />
        <Head {...{ layout, order, descending }} />
        {!view.known && <WaitingBody layout={layout} />}
        {view.known && !everything && <PageBody {...{ store, view, words, layout }} />}
        {view.known && everything && (
          <EverythingBody {...{ store, view, words, layout, height, onReach }} />
        )}
      </table>
      {view.known && view.total === 0 && <Nothing />}
    </div>
  );
}

function useFrames(store, patch, onResync) {
  const asked = useRef(0);
  useLayoutEffect(() => {
    if (!patch?.room || store.merge(patch)) return;
    if (performance.now() - asked.current < ASK_AGAIN_AFTER && asked.current) return;
    asked.current = performance.now();
    onResync();
  }, [store, patch]);
}

function useRowHeight(desk, hand, phone) {
  const [height, setHeight] = useState(desk);
  useEffect(() => {
    const narrow = window.matchMedia(`(max-width: ${phone - 1}px)`);
    const choose = () => setHeight(narrow.matches ? hand : desk);
    choose();
    narrow.addEventListener("change", choose);
    return () => narrow.removeEventListener("change", choose);
  }, [desk, hand, phone]);
  return height;
}

function WaitingBody({ layout }) {
  return (
    <tbody role="rowgroup">
      {Array.from({ length: WAITING_ROWS }, (_, index) => (
        <WaitingRow key={index} {...{ index, layout }} />
      ))}
    </tbody>
  );
}

function PageBody({ store, view, words, layout }) {
  const hands = useHands(store);
  const range = [view.ids.findIndex(Boolean), view.ids.length - 1];
  return (
    <tbody role="rowgroup" {...hands} onKeyDown={(event) => moveTo(event, range)}>
      {view.ids.map((id, index) => (
        <TableRow key={id} {...{ store, id, index, words, layout }} />
      ))}
    </tbody>
  );
}

function EverythingBody({ store, view, words, layout, height, onReach }) {
  const body = useRef(null);
  const hands = useHands(store);
  const { items, above, below, scrollTo } = useStretch(body, view, height);
  useReach(items[0]?.index ?? 0, items.at(-1)?.index ?? 0, onReach);
  const range = [0, view.total - 1];
  return (
    <tbody
      ref={body}
      role="rowgroup"
      {...hands}
      onKeyDown={(event) => moveTo(event, range, scrollTo)}
    >
      <Gap height={above} />
      {items.map(({ index, key }) =>
        view.ids[index] ? (
          <TableRow key={key} {...{ store, id: view.ids[index], index, words, layout }} />
        ) : (
          <WaitingRow key={key} {...{ index, layout }} />
        ),
      )}
      <Gap height={below} />
    </tbody>
  );
}

// The rows near the window, and how much room those above and below them take.
function useStretch(body, view, height) {
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    setMargin(body.current.getBoundingClientRect().top + window.scrollY);
  }, []);
  const list = useWindowVirtualizer({
    count: view.total,
    estimateSize: () => height,
    overscan: 12,
    scrollMargin: margin,
    getItemKey: (index) => view.ids[index] ?? index,
  });
  useEffect(() => list.measure(), [height]);
  const items = list.getVirtualItems();
  const above = items.length ? items[0].start - margin : 0;
  const below = items.length ? list.getTotalSize() - (items.at(-1).end - margin) : 0;
  return { items, above, below, scrollTo: (index) => list.scrollToIndex(index) };
}

function Gap({ height }) {
  return height > 0 ? <tr className="gap" aria-hidden="true" style={{ height }} /> : null;
}

function useReach(first, last, onReach) {
  useEffect(() => {
    const later = setTimeout(() => onReach(first, last), SCROLL_PAUSE);
    return () => clearTimeout(later);
  }, [first, last]);
}

// While a mouse or the focus is on a row, rows keep their places; a click anywhere on a row opens it.
function useHands(store) {
  const navigate = useNavigate();
  return {
    onPointerEnter: (event) => event.pointerType === "mouse" && store.hold(true),
    onPointerLeave: () => store.hold(false),
    onFocus: () => store.hold(true),
    onBlur: ({ currentTarget, relatedTarget }) =>
      currentTarget.contains(relatedTarget) || store.hold(false),
    onClick: (event) => {
      const row = event.target.closest("tr[data-id]");
      const aside = event.metaKey || event.ctrlKey || String(window.getSelection());
      if (row && !aside && !event.target.closest("a")) navigate(`/coin/${row.dataset.id}`);
    },
  };
}

function NewOrder({ store }) {
  const waiting = useSyncExternalStore(store.subscribeView, store.isWaiting, store.isWaiting);
  if (!waiting) return null;
  return (
    <div className="new-order-place">
      <button type="button" className="new-order" onClick={() => store.hold(false)}>
        New order
      </button>
    </div>
  );
}

function Nothing() {
  return (
    <div className="nothing">
      <p>No coin matches these filters.</p>
      <Link to="/" className="button">
        Show all coins
      </Link>
    </div>
  );
}
