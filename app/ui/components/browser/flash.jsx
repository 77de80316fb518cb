// A price that lights up for a moment when it changes.

import { useEffect, useRef, useState } from "react";

export function Flash({ value, text, full }) {
  const before = useRef(value);
  const [flash, setFlash] = useState({ number: 0, way: "" });
  useEffect(() => {
    if (before.current && value && before.current !== value) {
      const way = value > before.current ? "flash-up" : "flash-down";
      setFlash(({ number }) => ({ number: number + 1, way }));
    }
    before.current = value;
  }, [value]);
  return (
    <span key={flash.number} className={`price ${flash.way}`} title={full}>
      {text === full ? (
        text
      ) : (
        <>
          <span aria-hidden="true">{text}</span>
          <span className="for-readers">{full}</span>
        </>
      )}
    </span>
  );
}
