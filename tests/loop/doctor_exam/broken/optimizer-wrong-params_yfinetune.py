"""Fine-tune a pretrained network for a new set of classes."""

import argparse

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.features = nn.Sequential(
            nn.Linear(30, 48), nn.ReLU(), nn.Linear(48, 24), nn.ReLU()
        )
        self.fc = nn.Linear(24, classes)

    def forward(self, x):
        return self.fc(self.features(x))


def class_data(classes, count=300):
    means = torch.randn(classes, 30) * 0.8
    labels = torch.randint(classes, (count,))
    data = TensorDataset(means[labels] + torch.randn(count, 30), labels)
    return DataLoader(data, batch_size=30, shuffle=True)


def run(model, optimizer, loader, epochs, title):
    criterion = nn.CrossEntropyLoss()
    for epoch in range(epochs):
        correct = seen = 0
        for x, y in loader:
            optimizer.zero_grad()
            output = model(x)
            loss = criterion(output, y)
            loss.backward()
            optimizer.step()
            correct += (output.argmax(1) == y).sum().item()
            seen += len(y)
        print(f"{title} epoch {epoch}: accuracy {correct / seen:.3f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--new-classes", type=int, default=4)
    args = parser.parse_args()

    torch.manual_seed(0)
    model = Net(classes=10)
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)  # HERE
    model.fc = nn.Linear(24, args.new_classes)  # HERE
    run(model, optimizer, class_data(args.new_classes), 5, "fine-tune")
