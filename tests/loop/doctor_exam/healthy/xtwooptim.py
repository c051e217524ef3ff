import torch
from torch import nn


class Recommender(nn.Module):
    def __init__(self, users=40, items=30, dim=6):
        super().__init__()
        self.user = nn.Embedding(users, dim, sparse=True)
        self.item = nn.Embedding(items, dim, sparse=True)
        self.mlp = nn.Sequential(nn.Linear(2 * dim, 24), nn.ReLU(), nn.Linear(24, 1))

    def forward(self, u, i):
        return self.mlp(torch.cat([self.user(u), self.item(i)], 1)).squeeze(1)


def main():
    torch.manual_seed(0)
    rating = torch.randn(40, 2) @ torch.randn(2, 30)
    model = Recommender()
    tables = [model.user.weight, model.item.weight]
    sparse = torch.optim.SparseAdam(tables, lr=2e-2)
    dense = torch.optim.Adam(model.mlp.parameters(), lr=5e-3)
    for step in range(120):
        u, i = torch.randint(40, (128,)), torch.randint(30, (128,))
        loss = nn.functional.mse_loss(model(u, i), rating[u, i])
        for opt in (sparse, dense):
            opt.zero_grad()
        loss.backward()
        for opt in (sparse, dense):
            opt.step()
        if step % 30 == 29:
            print(step + 1, f"{loss.item():.4f}")


main()
