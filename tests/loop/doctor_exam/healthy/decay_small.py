import torch
from torch import nn

torch.manual_seed(0)
inputs = torch.randn(128, 1, 8, 8)
labels = (inputs.mean((1, 2, 3)) > 0).long()
model = nn.Sequential(
    nn.Conv2d(1, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), nn.Linear(288, 2)
)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
for epoch in range(5):
    model.train()
    for picked in torch.randperm(128).split(16):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(inputs[picked]), labels[picked])
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        print(epoch, (model(inputs).argmax(1) == labels).float().mean().item())
