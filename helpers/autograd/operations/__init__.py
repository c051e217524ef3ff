"""Operations: one of torch's functions each, together with its derivative."""
