// The head of the market table: every sortable column is a link to the view it makes.

import { Link, useLocation } from "react-router";

import { sortAddress } from "./sorting.js";

export function Columns({ layout }) {
  return (
    <colgroup>
      {layout.map(({ key, width }) => (
        <col key={key} className={`c-${key}`} style={width ? { width } : undefined} />
      ))}
    </colgroup>
  );
}

export function Head({ layout, order, descending }) {
  const { search } = useLocation();
  return (
    <thead role="rowgroup">
      <tr role="row" aria-rowindex={1}>
        {layout.map((column) => (
          <HeadCell key={column.key} {...{ column, order, descending, search }} />
        ))}
      </tr>
    </thead>
  );
}

function HeadCell({ column, order, descending, search }) {
  const sorted = column.sort === order;
  const state = sorted ? (descending ? "descending" : "ascending") : undefined;
  return (
    <th role="columnheader" scope="col" className={`c-${column.key}`} aria-sort={state}>
      {column.sort ? (
        <Link to={sortAddress(search, column, { order, descending })} preventScrollReset>
          {column.label}
          <span className="sort-mark" aria-hidden="true">
            {sorted ? (descending ? "▼" : "▲") : ""}
          </span>
        </Link>
      ) : (
        column.label
      )}
      {column.key === "price" && <span className="phone-only"> / 24h</span>}
    </th>
  );
}
