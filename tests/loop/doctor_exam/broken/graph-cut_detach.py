import torch
from torch import nn

torch.manual_seed(0)
inputs = torch.randn(240, 8)
labels = (inputs[:, 0] + inputs[:, 1] > 0).long() + (inputs[:, 2] > 0.5).long()
encoder = nn.Sequential(nn.Linear(8, 24), nn.Tanh())
head = nn.Linear(24, 3)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder, self.head = encoder, head

    def forward(self, x):
        code = self.encoder(x).detach()  # HERE
        return self.head(code)


model = Model()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(30):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(inputs), labels)
    loss.backward()
    optimizer.step()
print(loss.item())
