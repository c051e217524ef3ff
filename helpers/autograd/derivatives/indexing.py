"""Operations that read or write at given places: indexing, gather, scatter."""
