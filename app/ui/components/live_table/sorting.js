// The address of the same view in the order that a click on the column asks for.
export function sortAddress(parameters, column, { order, descending }) {
  const next = new URLSearchParams(parameters);
  const downwards = column.sort === order ? !descending : !column.upwards;
  const fallback = column.upwards ? !downwards : downwards;
  next.delete("page");
  next.delete("dir");
  next.set("sort", column.sort);
  if (!fallback) next.set("dir", downwards ? "desc" : "asc");
  if (column.sort === "rank" && !downwards) next.delete("sort");
  const query = next.toString();
  return query ? `/?${query}` : "/";
}
