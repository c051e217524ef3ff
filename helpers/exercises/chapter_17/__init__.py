"""The exercises of chapter 17: reading PyTorch."""
