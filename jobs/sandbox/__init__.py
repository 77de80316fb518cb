"""A venue simulator that speaks the venues' own wire formats, with faults on demand."""
