// Two amounts that follow each other at the live price.

import { useState } from "react";

import { pricePlaces } from "../numbers/format.js";

const UNIT_DIGITS = 8;

const plain = (value, places) => String(Number(value.toFixed(places)));

export function Converter({ symbol, value }) {
  const [typed, setTyped] = useState({ side: "coin", text: "1" });
  const number = Number(typed.text.replaceAll(",", ""));
  const good = typed.text !== "" && Number.isFinite(number) && value > 0;
  const other = typed.side === "coin" ? number * value : number / value;
  const places = typed.side === "coin" ? pricePlaces(other || 1) : UNIT_DIGITS;
  const result = good ? plain(other, places) : "";
  const show = (side) => (side === typed.side ? typed.text : result);
  return (
    <div className="converter">
      {[
        ["coin", symbol],
        ["usd", "USD"],
      ].map(([side, unit]) => (
        <label key={side}>
          <span>{unit}</span>
          <input
            inputMode="decimal"
            autoComplete="off"
            maxLength={24}
            aria-label={`Amount in ${unit}`}
            value={show(side)}
            onChange={(event) => setTyped({ side, text: event.target.value })}
          />
        </label>
      ))}
    </div>
  );
}
