"""What a watch gathers: one log of events, and who took part in them."""
