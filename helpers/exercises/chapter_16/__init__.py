"""The exercises of chapter 16: the museum of broken loops."""
