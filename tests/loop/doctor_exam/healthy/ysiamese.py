"""The siamese example: one network twice in a forward pass, margin loss."""

import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, Dataset


class Triplets(Dataset):
    def __init__(self, means, count):
        self.means, self.count = means, count

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        label = index % len(self.means)
        other = (label + 1 + int(torch.randint(len(self.means) - 1, ()))) % len(
            self.means
        )
        noise = 0.6 * torch.randn(3, self.means.size(1))
        return (
            self.means[label] + noise[0],
            self.means[label] + noise[1],
            self.means[other] + noise[2],
        )


class SiameseNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(16, 32), nn.ReLU(inplace=True))
        self.out = nn.Linear(32, 8)

    def forward(self, x):
        return F.normalize(self.out(self.net(x)), dim=1)


def train(model, loader, optimizer, criterion, epoch):
    model.train()
    losses = []
    for anchor, positive, negative in loader:
        optimizer.zero_grad()
        loss = criterion(model(anchor), model(positive), model(negative))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    print(f"epoch {epoch}: triplet loss {sum(losses) / len(losses):.4f}")


@torch.inference_mode()
def test(model, loader):
    model.eval()
    hits = total = 0
    for anchor, positive, negative in loader:
        a, p, n = model(anchor), model(positive), model(negative)
        hits += ((a - p).norm(dim=1) < (a - n).norm(dim=1)).sum().item()
        total += len(a)
    print(f"  ranked rightly: {hits}/{total}")


torch.manual_seed(1)
means = torch.randn(8, 16) * 0.7
train_loader = DataLoader(Triplets(means, 256), batch_size=32, shuffle=True)
test_loader = DataLoader(Triplets(means, 64), batch_size=32)
model = SiameseNetwork()
optimizer = optim.Adadelta(model.parameters(), lr=1.0)
for epoch in range(1, 5):
    train(model, train_loader, optimizer, nn.TripletMarginLoss(margin=0.4), epoch)
    test(model, test_loader)
