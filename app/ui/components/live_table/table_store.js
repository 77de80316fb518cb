// The rows that the table shows, fed by frames: one listener a row, so that a frame draws only
// what it changed. The names of the columns arrive as they are sent by app/ui/rows.py.

const NOTHING = { ids: [], total: 0, known: false };

export class TableStore {
  #columns;
  #rows = new Map();
  #rooms = new Map();
  #rowListeners = new Map();
  #viewListeners = new Set();
  #view = NOTHING;
  #waiting = null;
  #held = false;
  #flashes = 0;

  constructor(columns) {
    this.#columns = columns;
  }

  // Whether the frame followed what is known; if not, everything has to be asked for anew.
  merge(patch) {
    if (patch.fresh) this.#forget();
    const sequence = this.#rooms.get(patch.room);
    if (!patch.whole && patch.seq <= sequence) return true;
    if (!patch.whole && patch.seq !== sequence + 1) return false;
    this.#rooms.set(patch.room, patch.seq);
    for (const [id, values] of Object.entries(patch.rows ?? {})) {
      const fact = patch.facts?.[id];
      if (fact || this.#rows.has(id)) this.#put(id, values, fact);
    }
    if (patch.order) this.#arrange(patch);
    return true;
  }

  // While it is held, rows that a reader points at stay where they are.
  hold(now) {
    this.#held = now;
    if (now || !this.#waiting) return;
    [this.#view, this.#waiting] = [this.#waiting, null];
    this.#tellView();
  }

  view = () => this.#view;

  isWaiting = () => this.#waiting !== null;

  row = (id) => this.#rows.get(id);

  subscribeView = (listener) => {
    this.#viewListeners.add(listener);
    return () => this.#viewListeners.delete(listener);
  };

  subscribeRow(id, listener) {
    if (!this.#rowListeners.has(id)) this.#rowListeners.set(id, new Set());
    const listeners = this.#rowListeners.get(id);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#rowListeners.delete(id);
    };
  }

  #forget() {
    this.#rows.clear();
    this.#rooms.clear();
    [this.#view, this.#waiting] = [NOTHING, null];
  }

  #arrange({ order, first, total }) {
    const base = this.#waiting ?? this.#view;
    const ids = base.ids.slice(0, total);
    order.forEach((id, index) => (ids[first + index] = id));
    const next = { ids, total, known: true };
    // New rows may always come; only those that are there keep their places.
    const grows = !base.known || order.some((_, index) => !base.ids[first + index]);
    if (this.#held && !grows && !same(this.#view, next)) this.#waiting = next;
    else [this.#view, this.#waiting] = [next, null];
    this.#tellView();
  }

  #put(id, values, fact) {
    const before = this.#rows.get(id);
    const row = fact ? { id } : { ...before };
    const { live, facts } = this.#columns;
    if (fact) facts.forEach((name, index) => (row[name] = fact[index]));
    live.forEach((name, index) => {
      if (index < values.length) row[name] = values[index];
      else if (fact) row[name] = null;
    });
    row.flash = this.#flash(before, row);
    this.#rows.set(id, row);
    this.#rowListeners.get(id)?.forEach((listener) => listener());
  }

  #flash(before, row) {
    if (!before?.price || !row.price || before.price === row.price) return before?.flash;
    this.#flashes += 1;
    return { direction: row.price > before.price ? "up" : "down", number: this.#flashes };
  }

  #tellView() {
    this.#viewListeners.forEach((listener) => listener());
  }
}

function same(one, other) {
  if (one.total !== other.total || one.ids.length !== other.ids.length) return false;
  return one.ids.every((id, index) => id === other.ids[index]);
}
