"""Our own surface: everything we know, one file an address family."""
