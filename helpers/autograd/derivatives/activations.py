"""Activation functions of networks: sigmoid, relu and its relatives, softplus."""
