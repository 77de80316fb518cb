"""The first paint: pages as HTML with real prices, before and without any script."""
