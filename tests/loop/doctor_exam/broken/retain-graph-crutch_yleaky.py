"""A leaky integrator follows a smoothed signal, one sample at a time."""

import torch
from torch import nn


class LeakyCell(nn.Module):
    def __init__(self, inputs, hidden, leak=0.8):
        super().__init__()
        self.leak = leak
        self.inp = nn.Linear(inputs, hidden)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x, state):
        state = self.leak * state + (1 - self.leak) * self.inp(x)
        return self.out(state), state


def make_signal(length):
    signal = torch.randn(length, 1, 3)
    level, targets = torch.zeros(1, 1), []
    for sample in signal:
        level = 0.8 * level + 0.2 * (sample @ torch.tensor([[1.0], [-2.0], [0.5]]))
        targets.append(level)
    return signal, torch.stack(targets)


def main():
    torch.manual_seed(4)
    signal, targets = make_signal(160)
    model = LeakyCell(3, 8)
    criterion = nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    state = torch.zeros(1, 8)
    recent = 0.0
    for step, (sample, target) in enumerate(zip(signal, targets), 1):
        optimizer.zero_grad()
        output, state = model(sample, state)  # HERE
        loss = criterion(output, target)
        loss.backward(retain_graph=True)  # HERE
        optimizer.step()
        recent += loss.item()
        if step % 40 == 0:
            print(f"sample {step}: {recent / 40:.4f}")
            recent = 0.0


main()
