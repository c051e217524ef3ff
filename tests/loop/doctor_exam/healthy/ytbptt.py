"""Truncated backpropagation: one backward for several steps, state detached."""

import torch
from torch import nn

torch.manual_seed(0)
cell, readout = nn.GRUCell(1, 16), nn.Linear(16, 1)
parameters = [*cell.parameters(), *readout.parameters()]
optimizer = torch.optim.Adam(parameters, lr=1e-2)
signal = torch.sin(torch.arange(600) * 0.3) + 0.05 * torch.randn(600)
state = torch.zeros(1, 16)
loss, window, history = 0, 8, []
for t in range(len(signal) - 1):
    state = cell(signal[t].view(1, 1), state)
    loss = loss + (readout(state).view(()) - signal[t + 1]) ** 2
    if (t + 1) % window == 0:
        optimizer.zero_grad()
        (loss / window).backward()
        nn.utils.clip_grad_value_(parameters, 0.5)
        optimizer.step()
        history.append(loss.item() / window)
        state, loss = state.detach(), 0
        if len(history) % 15 == 0:
            print(t + 1, f"{sum(history[-15:]) / 15:.4f}")
