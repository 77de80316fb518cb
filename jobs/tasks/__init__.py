"""Scheduled tasks, one a file."""
