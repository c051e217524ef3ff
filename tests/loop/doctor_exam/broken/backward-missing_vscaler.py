"""Mixed precision ready training script (falls back to fp32 on CPU)."""

import argparse

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split


def get_args():
    ap = argparse.ArgumentParser()
    ap.add_argument("--epochs", default=3, type=int)
    ap.add_argument("--lr", default=1e-3, type=float)
    ap.add_argument("--weight-decay", default=0.0, type=float)
    ap.add_argument("--batch-size", default=32, type=int)
    return ap.parse_args()


def make_data(n=320):
    grid = torch.linspace(0, 1, 8)
    freq = torch.randint(1, 5, (n,))
    wave = torch.sin(freq[:, None, None] * torch.pi * grid[None, :, None])
    images = wave.expand(n, 8, 8) + 0.2 * torch.randn(n, 8, 8)
    return TensorDataset(images.unsqueeze(1), freq - 1)


class SmallCNN(nn.Module):
    def __init__(self, classes=4):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1),
            nn.BatchNorm2d(8),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(8, 16, 3, padding=1),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(1),
        )
        self.fc = nn.Linear(16, classes)

    def forward(self, x):
        return self.fc(self.features(x).flatten(1))


def train(model, loader, optimizer, criterion, scaler, device):
    model.train()
    running = 0.0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(device_type=device.type, enabled=device.type == "cuda"):
            loss = criterion(model(x), y)
        scaler.scale(loss)  # HERE
        scaler.step(optimizer)  # HERE
        scaler.update()
        running += loss.item() * x.size(0)
    return running / len(loader.dataset)


@torch.inference_mode()
def accuracy(model, loader, device):
    model.eval()
    hits = sum(
        (model(x.to(device)).argmax(1) == y.to(device)).sum().item() for x, y in loader
    )
    return hits / len(loader.dataset)


def main():
    args = get_args()
    torch.manual_seed(17)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    tr, va = random_split(make_data(), [256, 64])
    train_loader = DataLoader(tr, args.batch_size, shuffle=True)
    val_loader = DataLoader(va, args.batch_size)
    model = SmallCNN().to(device)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=args.lr, weight_decay=args.weight_decay
    )
    scaler = torch.amp.GradScaler(device.type, enabled=device.type == "cuda")
    criterion = nn.CrossEntropyLoss(label_smoothing=0.05)
    for epoch in range(args.epochs):
        loss = train(model, train_loader, optimizer, criterion, scaler, device)
        print(
            f"{epoch}: loss={loss:.4f} val_acc={accuracy(model, val_loader, device):.3f}"
        )


if __name__ == "__main__":
    main()
