"""How fast the product is beside what this machine can do at best with the same work."""
