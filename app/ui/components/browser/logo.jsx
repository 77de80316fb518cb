// A coin's logo, or its first letter where there is none.

import { useEffect, useState } from "react";

export function Logo({ logo, symbol, size = 24 }) {
  const [lost, setLost] = useState(false);
  useEffect(() => setLost(false), [logo]);
  const box = { width: size, height: size };
  if (!logo || lost) {
    return (
      <span className="logo initials" style={box} aria-hidden="true">
        {(symbol ?? "").slice(0, 1)}
      </span>
    );
  }
  return (
    <img
      className="logo"
      src={`/logos/${logo}.svg`}
      alt=""
      style={box}
      loading="lazy"
      onError={() => setLost(true)}
    />
  );
}
