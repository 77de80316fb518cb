// Says so when nothing has been heard from the server for a while, and since when.

import { useEffect, useRef, useState } from "react";

const SILENT_AFTER = 4;

export function Heartbeat({ beat }) {
  const heard = useRef(0);
  const [silence, setSilence] = useState(0);
  useEffect(() => {
    heard.current = beat ? performance.now() : 0;
    setSilence(0);
  }, [beat]);
  useEffect(() => {
    const every = setInterval(() => {
      if (document.hidden || !heard.current) return;
      setSilence(Math.floor((performance.now() - heard.current) / 1000));
    }, 1000);
    return () => clearInterval(every);
  }, []);
  return (
    <div className="offline-place" role="status">
      {silence >= SILENT_AFTER && (
        <div className="offline">Last update {silence} s ago, reconnecting</div>
      )}
    </div>
  );
}
