// The first paint came as HTML from the server; it goes as soon as the page itself can show the same.

import { useLayoutEffect } from "react";

export function useTakeover(ready) {
  useLayoutEffect(() => {
    if (ready) document.querySelectorAll("[data-ssr]").forEach((node) => node.remove());
  }, [ready]);
}
