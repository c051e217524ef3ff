import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
X = torch.randn(200, 16)
y = (X[:, :8].sum(1) > X[:, 8:].sum(1)).long()
train = DataLoader(TensorDataset(X[:160], y[:160]), batch_size=32, shuffle=True)
test = DataLoader(TensorDataset(X[160:], y[160:]), batch_size=8)
net = nn.Sequential(nn.Linear(16, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 2))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for epoch in range(6):
    net.train()
    for xb, yb in train:
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(xb), yb).backward()
        optimizer.step()


def fgsm(image, eps, grad):
    return image + eps * grad.sign()


net.eval()
for eps in (0.0, 0.1, 0.3):
    right = 0
    for data, target in test:
        data.requires_grad = True
        output = net(data)
        loss = nn.functional.cross_entropy(output, target)
        net.zero_grad()
        loss.backward()
        attacked = fgsm(data, eps, data.grad.data)
        right += (net(attacked).argmax(1) == target).sum().item()
    print(eps, right / 40)
