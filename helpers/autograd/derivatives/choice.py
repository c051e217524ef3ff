"""Operations that pick among elements: where, clamp, maximum, sorting, masks."""
