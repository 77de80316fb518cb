// Tells the server when the tab is hidden and when somebody looks again.

import { useEffect } from "react";

export function Presence({ onHide, onShow }) {
  useEffect(() => {
    const tell = () => (document.hidden ? onHide() : onShow());
    document.addEventListener("visibilitychange", tell);
    return () => document.removeEventListener("visibilitychange", tell);
  }, []);
  return null;
}
