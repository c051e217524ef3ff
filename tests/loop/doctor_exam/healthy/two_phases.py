import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential(nn.Linear(12, 32), nn.BatchNorm1d(32), nn.ReLU())
        self.head = nn.Linear(32, 4)

    def forward(self, x):
        return self.head(self.backbone(x))


X = torch.randn(160, 12)
y = X[:, :4].argmax(1)
loader = DataLoader(TensorDataset(X, y), batch_size=32, shuffle=True)
model = Net()
criterion = nn.CrossEntropyLoss()


def fit(model, optimizer, epochs, freeze_bn=False):
    for epoch in range(epochs):
        model.train()
        if freeze_bn:
            model.backbone.eval()
        for xb, yb in loader:
            optimizer.zero_grad()
            loss = criterion(model(xb), yb)
            loss.backward()
            optimizer.step()
    return loss.item()


# phase 1: the head alone
for p in model.backbone.parameters():
    p.requires_grad = False
print(fit(model, torch.optim.Adam(model.head.parameters(), lr=1e-2), 3, freeze_bn=True))

# phase 2: everything, more gently
for p in model.backbone.parameters():
    p.requires_grad = True
optimizer = torch.optim.Adam(
    [
        {"params": model.backbone.parameters(), "lr": 1e-4},
        {"params": model.head.parameters(), "lr": 1e-3},
    ]
)
print(fit(model, optimizer, 4))
