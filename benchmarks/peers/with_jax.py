"""JAX: the whole step, with gradients and update, is one compiled function."""

import jax
import jax.numpy as jnp


def left_out(task, problem):
    """JAX runs everything."""


def chain(problem):
    """The chain and its gradients, compiled."""
    x, w, b = map(jnp.asarray, problem.arrays())

    def total(x, w, b):
        for _ in range(problem.length // (4 if problem.mixed else 1)):
            x = jnp.tanh(x * w + b) * w if problem.mixed else x * w
        return x.sum()

    gradients = jax.jit(jax.grad(total, argnums=(0, 1, 2)))
    return lambda: float(gradients(x, w, b)[0].sum())


def step(problem):
    """One step of SGD, compiled; its memory is reused for the new parameters."""
    inputs, targets = jnp.asarray(problem.inputs), jnp.asarray(problem.targets)
    parameters = list(map(jnp.asarray, problem.parameters()))
    velocities = [jnp.zeros_like(each) for each in parameters]

    def loss_of(parameters):
        signal = inputs
        for place in range(0, len(parameters), 2):
            signal = jax.nn.relu(signal) if place else signal
            signal = signal @ parameters[place].T + parameters[place + 1]
        if not problem.classes:
            return ((signal - targets) ** 2).mean()
        rows = jnp.arange(len(targets))
        return -jax.nn.log_softmax(signal)[rows, targets].mean()

    def updated(parameters, velocities):
        loss, gradients = jax.value_and_grad(loss_of)(parameters)
        velocities = [
            problem.momentum * velocity + gradient
            for velocity, gradient in zip(velocities, gradients, strict=True)
        ]
        parameters = [
            parameter - problem.lr * velocity
            for parameter, velocity in zip(parameters, velocities, strict=True)
        ]
        return loss, parameters, velocities

    compiled = jax.jit(updated, donate_argnums=(0, 1))

    def run():
        nonlocal parameters, velocities
        loss, parameters, velocities = compiled(parameters, velocities)
        return float(loss)

    return run
