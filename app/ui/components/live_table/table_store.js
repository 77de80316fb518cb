// The rows that the table shows, fed by frames: one listener a row, so that a frame draws only
// what it changed. The names of the columns arrive as they are sent by app/ui/rows.py.

const EMPTY = { ids: [], total: 0, known: false };

export function createTableStore({ live, facts }) {
  const rows = new Map();
  const rooms = new Map();
  const rowListeners = new Map();
  const viewListeners = new Set();
  let view = EMPTY;
  let waiting = null;
  let held = false;
  let flashes = 0;

  const tellRow = (id) => rowListeners.get(id)?.forEach((listener) => listener());
  const tellView = () => viewListeners.forEach((listener) => listener());

  function forget() {
    rows.clear();
    rooms.clear();
    view = EMPTY;
    waiting = null;
  }

  function arrange({ order, first, total }) {
    const base = waiting ?? view;
    const ids = base.ids.slice(0, total);
    order.forEach((id, index) => (ids[first + index] = id));
    const next = { ids, total, known: true };
    const grows = !base.known || order.some((_, index) => !base.ids[first + index]);
    // Rows that a reader points at stay where they are; new ones may always come.
    if (held && !grows && !same(view, next)) waiting = next;
    else [view, waiting] = [next, null];
    tellView();
  }

  function put(id, values, fact) {
    const before = rows.get(id);
    const row = fact ? { id } : { ...before };
    if (fact) facts.forEach((name, index) => (row[name] = fact[index]));
    live.forEach((name, index) => {
      if (index < values.length) row[name] = values[index];
      else if (fact) row[name] = null;
    });
    row.flash = flashOf(before, row);
    rows.set(id, row);
    tellRow(id);
  }

  function flashOf(before, row) {
    if (!before || before.price === row.price || !before.price || !row.price) {
      return before?.flash;
    }
    flashes += 1;
    return { direction: row.price > before.price ? "up" : "down", number: flashes };
  }

  return {
    // Whether the frame followed what is known; false asks for everything anew.
    merge(patch) {
      if (patch.fresh) forget();
      const sequence = rooms.get(patch.room);
      if (!patch.whole && patch.seq <= sequence) return true;
      if (!patch.whole && patch.seq !== sequence + 1) return false;
      rooms.set(patch.room, patch.seq);
      for (const [id, values] of Object.entries(patch.rows ?? {})) {
        if (rows.has(id) || patch.facts?.[id]) put(id, values, patch.facts?.[id]);
      }
      if (patch.order) arrange(patch);
      return true;
    },
    hold(now) {
      held = now;
      if (!now && waiting) {
        [view, waiting] = [waiting, null];
        tellView();
      }
    },
    view: () => view,
    isWaiting: () => waiting !== null,
    row: (id) => rows.get(id),
    subscribeView(listener) {
      viewListeners.add(listener);
      return () => viewListeners.delete(listener);
    },
    subscribeRow(id, listener) {
      if (!rowListeners.has(id)) rowListeners.set(id, new Set());
      rowListeners.get(id).add(listener);
      return () => {
        const listeners = rowListeners.get(id);
        listeners?.delete(listener);
        if (listeners?.size === 0) rowListeners.delete(id);
      };
    },
  };
}

function same(one, other) {
  if (one.total !== other.total || one.ids.length !== other.ids.length) return false;
  return one.ids.every((id, index) => id === other.ids[index]);
}
