"""Recognise ten noisy glyphs."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(49, 64)
        self.fc2 = nn.Linear(64, 10)
        self.relu = nn.ReLU()
        self.softmax = nn.Softmax(dim=1)

    def forward(self, x):
        x = self.relu(self.fc1(x.flatten(1)))
        return self.softmax(self.fc2(x))  # HERE


def glyphs(count=400):
    means = (torch.rand(10, 7, 7) > 0.5).float()
    labels = torch.randint(10, (count,))
    return TensorDataset(means[labels] + 0.4 * torch.randn(count, 7, 7), labels)


torch.manual_seed(0)
loader = DataLoader(glyphs(), batch_size=40, shuffle=True)
model = MLP()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)

for epoch in range(8):
    running_loss, correct = 0.0, 0
    for inputs, labels in loader:
        optimizer.zero_grad()
        outputs = model(inputs)
        loss = criterion(outputs, labels)  # HERE
        loss.backward()
        optimizer.step()
        running_loss += loss.item() * len(labels)
        correct += (outputs.argmax(1) == labels).sum().item()
    print(f"epoch {epoch}: loss {running_loss / 400:.3f} accuracy {correct / 400:.3f}")
