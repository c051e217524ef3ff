"""A classifier with a loss written by hand from the formula."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class CrossEntropy(nn.Module):
    def forward(self, logits, one_hot):
        probabilities = torch.softmax(logits, dim=1)
        return -(one_hot * torch.log(probabilities)).sum(1).mean()  # HERE


def blobs(count=240):
    labels = torch.randint(3, (count,))
    means = torch.tensor([[-30.0, 0.0], [0.0, 30.0], [30.0, 0.0]])
    one_hot = nn.functional.one_hot(labels, 3).float()
    return TensorDataset(means[labels] * 2 + torch.randn(count, 2), one_hot)


torch.manual_seed(0)
loader = DataLoader(blobs(), batch_size=24, shuffle=True)
model = nn.Linear(2, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
criterion = CrossEntropy()
for epoch in range(5):
    total = 0.0
    for x, one_hot in loader:
        loss = criterion(model(x), one_hot)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    print(f"epoch {epoch}: {total / len(loader):.4f}")
