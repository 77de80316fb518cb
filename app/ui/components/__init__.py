"""Parts of pages; they hold no state of the site."""
