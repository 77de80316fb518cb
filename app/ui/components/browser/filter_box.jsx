// A search field that asks once typing pauses, and follows the address while nobody types in it.

import { useEffect, useRef, useState } from "react";

const PAUSE = 250;

export function FilterBox({ value, label, longest, onFind }) {
  const field = useRef(null);
  const later = useRef(0);
  const [text, setText] = useState(value);
  useEffect(() => {
    if (document.activeElement !== field.current) setText(value);
  }, [value]);
  const ask = (wanted, pause) => {
    setText(wanted);
    clearTimeout(later.current);
    later.current = setTimeout(() => onFind(wanted), pause);
  };
  const onKeyDown = ({ key }) => {
    if (key === "Enter") ask(text, 0);
    if (key === "Escape") ask("", 0);
  };
  return (
    <input
      ref={field}
      type="search"
      aria-label={label}
      placeholder={label}
      maxLength={longest}
      value={text}
      onChange={(event) => ask(event.target.value, PAUSE)}
      onKeyDown={onKeyDown}
    />
  );
}
