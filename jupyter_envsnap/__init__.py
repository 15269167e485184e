"""Snapshots of the environment that a notebook's kernel runs in."""

from __future__ import annotations

__version__ = "0.1.0"
