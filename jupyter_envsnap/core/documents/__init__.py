"""How an environment is written: one module per format, and their registry."""
