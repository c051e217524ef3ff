"""The exercises of chapter 15: many machines."""
