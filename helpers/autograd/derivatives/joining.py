"""Operations on several arrays at once, or with several results: cat, stack, split."""
