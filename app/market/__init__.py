"""The market itself: pure values and arithmetic, with no clock and no I/O."""
