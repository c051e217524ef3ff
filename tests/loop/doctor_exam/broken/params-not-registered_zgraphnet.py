"""Graph convolutions by dense matrices on a stochastic block model."""

import torch
import torch.nn as nn
import torch.nn.functional as F


def block_model(per_block=20, blocks=3, p_in=0.4, p_out=0.05):
    y = torch.arange(blocks).repeat_interleave(per_block)
    p = torch.where(y[:, None] == y[None, :], p_in, p_out)
    upper = torch.triu(torch.rand_like(p) < p, diagonal=1).float()
    adj = upper + upper.t() + torch.eye(len(y))
    d = adj.sum(1).rsqrt()
    return d[:, None] * adj * d[None, :], y


class GraphConv(nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(cin, cout))
        self.bias = nn.Parameter(torch.zeros(cout))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, adj, x):
        return adj @ (x @ self.weight) + self.bias


class GCN(nn.Module):
    def __init__(self, cin, hidden, classes, depth=3):
        super().__init__()
        self.first = GraphConv(cin, hidden)
        self.hops = {f"hop{i}": GraphConv(hidden, hidden) for i in range(depth)}  # HERE
        self.last = GraphConv(hidden, classes)

    def forward(self, adj, x):
        x = F.relu(self.first(adj, x))
        for name in sorted(self.hops):
            x = x + F.relu(self.hops[name](adj, x))
        return self.last(adj, x)


def accuracy(model, adj, x, y, mask):
    model.eval()
    with torch.no_grad():
        return (model(adj, x).argmax(1) == y)[mask].float().mean().item()


torch.manual_seed(4)
adj, y = block_model()
x = torch.randn(len(y), 16)
train_mask = torch.rand(len(y)) < 0.5
model = GCN(16, 16, 3)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=5e-4)
for epoch in range(30):
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(adj, x)[train_mask], y[train_mask])
    loss.backward()
    optimizer.step()
    if epoch % 10 == 0:
        print(epoch, loss.item(), accuracy(model, adj, x, y, ~train_mask))
