// The typeface comes from the site itself: the bundler copies its files beside the pages.

import "@fontsource-variable/inter/wght.css";

export function Typeface() {
  return null;
}
