// The search palette: "/" or ⌘K opens it, arrows choose, Enter goes there.

import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";

import { Logo } from "../browser/logo.jsx";

const OPEN = "open-search";
const FIELDS = "input, textarea, select, [contenteditable]";

export const openPalette = () => window.dispatchEvent(new Event(OPEN));

export function SearchTrigger({ children, className, label }) {
  return (
    <button type="button" className={className} aria-label={label} onClick={openPalette}>
      {children}
    </button>
  );
}

function useOpening(open) {
  useEffect(() => {
    const key = (event) => {
      const command = (event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k";
      const slash = event.key === "/" && !event.target.closest?.(FIELDS);
      if (!command && !slash) return;
      event.preventDefault();
      open();
    };
    window.addEventListener(OPEN, open);
    window.addEventListener("keydown", key);
    return () => {
      window.removeEventListener(OPEN, open);
      window.removeEventListener("keydown", key);
    };
  }, []);
}

function useQuestion(onSearch, answered) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  useEffect(() => setAt(0), [answered]);
  const ask = (wanted) => {
    setText(wanted);
    onSearch(wanted);
  };
  return { text, ask, at, setAt };
}

function keysOf({ at, setAt, lines, enter }) {
  const count = Math.max(lines.length, 1);
  return {
    ArrowDown: () => setAt((at + 1) % count),
    ArrowUp: () => setAt((at - 1 + count) % count),
    Home: () => setAt(0),
    End: () => setAt(count - 1),
    Enter: enter,
  };
}

export function Palette({ lines, answered, onSearch }) {
  const dialog = useRef(null);
  const navigate = useNavigate();
  const { text, ask, at, setAt } = useQuestion(onSearch, answered);
  useOpening(() => {
    if (dialog.current.open) return;
    dialog.current.showModal();
    ask("");
  });
  const go = (line) => {
    dialog.current.close();
    navigate(line.href);
  };
  const enter = () => answered === text && lines[at] && go(lines[at]);
  const nothing = lines.length === 0 && answered;
  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label="Search coins"
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <Field {...{ text, ask, chosen: lines[at], keys: keysOf({ at, setAt, lines, enter }) }} />
      <ul id="found" role="listbox" aria-label="Coins">
        {lines.map((line, index) => (
          <Line key={line.id} {...{ line, go }} chosen={index === at} point={() => setAt(index)} />
        ))}
      </ul>
      <p className="palette-foot" role="status">
        {nothing ? `Nothing is called “${answered}”.` : "↑ ↓ to choose, ↵ to open, esc to close"}
      </p>
    </dialog>
  );
}

function Field({ text, ask, chosen, keys }) {
  const onKeyDown = (event) => {
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  };
  return (
    <input
      type="search"
      role="combobox"
      aria-expanded={Boolean(chosen)}
      aria-controls="found"
      aria-activedescendant={chosen ? `found-${chosen.id}` : undefined}
      aria-label="Name or ticker"
      placeholder="Name or ticker"
      autoComplete="off"
      spellCheck={false}
      maxLength={64}
      value={text}
      onChange={(event) => ask(event.target.value)}
      onKeyDown={onKeyDown}
    />
  );
}

function Line({ line, chosen, point, go }) {
  const self = useRef(null);
  useEffect(() => {
    if (chosen) self.current.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    <li
      ref={self}
      id={`found-${line.id}`}
      role="option"
      aria-selected={chosen}
      onPointerMove={point}
      onClick={() => go(line)}
    >
      <Logo logo={line.logo} symbol={line.symbol} size={24} />
      <span className="coin-name">{line.name}</span>
      <span className="coin-symbol">{line.symbol}</span>
      <span className="palette-price">{line.price}</span>
      <span className={`change ${line.direction}`}>{line.change}</span>
      <span className="palette-rank">{line.rank}</span>
    </li>
  );
}
