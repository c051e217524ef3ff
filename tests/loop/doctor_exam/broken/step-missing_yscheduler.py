"""A linear probe on random features, with an exponential rate."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
x = torch.randn(256, 12)
labels = (x[:, 0] + x[:, 1] > 0).long()
loader = DataLoader(TensorDataset(x, labels), batch_size=32, shuffle=True)
model = nn.Linear(12, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)  # HERE
scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.9)
criterion = nn.CrossEntropyLoss()
for epoch in range(5):
    correct = 0
    for features, target in loader:
        optimizer.zero_grad()
        output = model(features)
        loss = criterion(output, target)
        loss.backward()  # HERE
        correct += (output.argmax(1) == target).sum().item()
    scheduler.step()  # HERE
    print(f"epoch {epoch}: accuracy {correct / len(x):.3f}")
