// Takes the server's first paint away once the page is ready; see takeover.js.

import { useTakeover } from "./takeover.js";

export function SeoSync({ ready }) {
  useTakeover(ready);
  return null;
}
