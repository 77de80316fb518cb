"""Numbers as the browser writes them; shared by every component that gets raw values."""

import reflex as rx

rx.asset("format.js", shared=True)
