// Movement by keyboard: the focus goes from row to row, and the list scrolls along.

const PAGE = 10;

const STEPS = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at) => at + PAGE,
  PageUp: (at) => at - PAGE,
  Home: (at, first) => first,
  End: (at, first, last) => last,
};

export function moveTo(event, [first, last], scrollTo = () => {}) {
  const step = STEPS[event.key];
  const row = event.target.closest("tr[data-index]");
  if (!step || !row) return;
  event.preventDefault();
  const asked = step(Number(row.dataset.index), first, last);
  const wanted = Math.min(last, Math.max(first, asked));
  const body = row.parentElement;
  if (!focusRow(body, wanted)) {
    scrollTo(wanted);
    focusSoon(body, wanted, 20);
  }
}

function focusRow(body, index) {
  const link = body.querySelector(`tr[data-index="${index}"] a`);
  link?.focus();
  return Boolean(link);
}

// A row far away is drawn, and its values arrive, only after the list has scrolled there.
function focusSoon(body, index, tries) {
  if (tries === 0) return;
  setTimeout(() => focusRow(body, index) || focusSoon(body, index, tries - 1), 50);
}
