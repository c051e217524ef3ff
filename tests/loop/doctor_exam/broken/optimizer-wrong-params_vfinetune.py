"""Transfer learning: pretrain on a coarse task, swap the classifier, fine-tune."""

import argparse

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class MiniResNet(nn.Module):
    def __init__(self, classes, c=8):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(1, c, 3, padding=1, bias=False), nn.BatchNorm2d(c), nn.ReLU()
        )
        self.layer1 = nn.Sequential(
            nn.Conv2d(c, c, 3, padding=1, bias=False), nn.BatchNorm2d(c)
        )
        self.layer2 = nn.Sequential(
            nn.Conv2d(c, 2 * c, 3, 2, 1, bias=False), nn.BatchNorm2d(2 * c), nn.ReLU()
        )
        self.fc = nn.Linear(2 * c, classes)

    def forward(self, x):
        x = self.stem(x)
        x = F.relu(x + self.layer1(x))
        return self.fc(self.layer2(x).mean((2, 3)))


def stripes(n, classes):
    y = torch.randint(0, classes, (n,))
    t = torch.arange(12).float()
    rows = torch.sin((y[:, None] + 1) * 0.5 * t + 6.28 * torch.rand(n, 1))
    return TensorDataset((rows[:, None, :, None] + 0.3 * torch.randn(n, 1, 12, 12)), y)


def train_model(model, loaders, criterion, optimizer, scheduler, num_epochs):
    for epoch in range(num_epochs):
        for phase in ("train", "val"):
            model.train(phase == "train")
            loss_sum = correct = 0
            for inputs, labels in loaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    outputs = model(inputs)
                    loss = criterion(outputs, labels)
                    if phase == "train":
                        loss.backward()
                        optimizer.step()
                loss_sum += loss.item() * len(labels)
                correct += (outputs.argmax(1) == labels).sum().item()
            if phase == "train":
                scheduler.step()
            n = len(loaders[phase].dataset)
            print(f"{epoch} {phase} loss {loss_sum / n:.4f} acc {correct / n:.3f}")
    return model


def loaders_for(classes, batch):
    return {
        "train": DataLoader(stripes(128, classes), batch, shuffle=True),
        "val": DataLoader(stripes(64, classes), batch),
    }


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--batch", type=int, default=16)
    ap.add_argument("--lr", type=float, default=0.02)
    ap.add_argument("--epochs", type=int, default=2)
    args = ap.parse_args()
    torch.manual_seed(0)
    criterion = nn.CrossEntropyLoss()
    model = MiniResNet(2)
    pre = torch.optim.SGD(model.parameters(), lr=args.lr, momentum=0.9)
    train_model(
        model,
        loaders_for(2, args.batch),
        criterion,
        pre,
        torch.optim.lr_scheduler.StepLR(pre, 5),
        args.epochs,
    )

    optimizer_ft = torch.optim.SGD(model.parameters(), lr=args.lr, momentum=0.9)  # HERE
    exp_lr = torch.optim.lr_scheduler.StepLR(optimizer_ft, step_size=5, gamma=0.1)
    model.fc = nn.Linear(model.fc.in_features, 6)  # HERE
    train_model(
        model, loaders_for(6, args.batch), criterion, optimizer_ft, exp_lr, args.epochs
    )
