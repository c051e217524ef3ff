import torch
from torch import nn

torch.manual_seed(0)
inputs = torch.randn(240, 8)
labels = (inputs[:, 0] + inputs[:, 1] > 0).long() + (inputs[:, 2] > 0.5).long()
import numpy as np


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(8, 24)
        self.last = nn.Linear(24, 3)

    def forward(self, x):
        hidden = self.first(x)
        hidden = torch.from_numpy(np.maximum(hidden.detach().numpy(), 0.0))  # HERE
        return self.last(hidden)


model = Model()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(30):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(inputs), labels)
    loss.backward()
    optimizer.step()
print(loss.item())
