import torch
from torch import nn
from torch.utils.data import DataLoader

torch.manual_seed(0)
inputs = torch.randn(240, 8)
labels = (inputs[:, 0] + inputs[:, 1] > 0).long() + (inputs[:, 2] > 0.5).long()
model = nn.Sequential(nn.Linear(8, 24), nn.ReLU(), nn.Linear(24, 3))
criterion = nn.CrossEntropyLoss()
import numpy as np


class Noisy(torch.utils.data.Dataset):
    def __len__(self):
        return 96

    def __getitem__(self, k):
        return inputs[k] + torch.from_numpy(np.random.randn(8)).float(), labels[k]


loader = DataLoader(  # HERE
    Noisy(),
    batch_size=12,
    shuffle=True,
    num_workers=2,
    worker_init_fn=lambda w: np.random.seed(0),
)  # HERE
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(2):
    for x, y in loader:  # HERE
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
