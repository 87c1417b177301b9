"""karb: carries out a kimchi-premium strategy exactly as its owner wrote it."""

__version__ = "0.1.0"
