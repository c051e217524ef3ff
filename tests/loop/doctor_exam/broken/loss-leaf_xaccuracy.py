import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 3, padding=1)
        self.conv2 = nn.Conv2d(4, 8, 3, stride=2)
        self.fc = nn.Linear(8 * 3 * 3, 4)

    def forward(self, x):
        x = torch.relu(self.conv1(x))
        x = torch.relu(self.conv2(x))
        return self.fc(x.flatten(1))


def error_rate(logits, labels):
    predicted = logits.argmax(dim=1)
    return (predicted != labels).float().mean()


def run_epoch(model, loader, optimizer):
    total = 0.0
    for images, labels in loader:
        optimizer.zero_grad()
        loss = error_rate(model(images), labels)  # HERE
        loss.requires_grad = True  # HERE
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(loader)


if __name__ == "__main__":
    torch.manual_seed(0)
    labels = torch.randint(4, (160,))
    images = torch.randn(160, 1, 8, 8) * 0.3
    for i, k in enumerate(labels.tolist()):
        images[i, 0, 2 * k : 2 * k + 2] += 1.0
    data = torch.utils.data.TensorDataset(images, labels)
    loader = torch.utils.data.DataLoader(data, batch_size=20, shuffle=True)
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for epoch in range(5):
        print(f"epoch {epoch}: error {run_epoch(model, loader, optimizer):.3f}")
