"""The exercises of chapter 13: devices."""
