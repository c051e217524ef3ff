"""The exercises of chapter 14: fast steps."""
