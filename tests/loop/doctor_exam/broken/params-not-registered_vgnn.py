"""Node classification with a GCN on a stochastic block graph."""

import torch
import torch.nn as nn
import torch.nn.functional as F


def block_graph(n=90, k=3, p_in=0.25, p_out=0.03):
    y = torch.arange(n) % k
    same = y[:, None] == y[None, :]
    prob = torch.where(same, p_in, p_out)
    adj = (torch.rand(n, n) < prob).float().triu(1)
    adj = adj + adj.t() + torch.eye(n)
    d = adj.sum(1).rsqrt()
    x = F.one_hot(y, k).float() * 0.6 + torch.randn(n, k)
    return x, d[:, None] * adj * d[None, :], y


class GraphConv(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.lin = nn.Linear(i, o, bias=False)
        self.bias = nn.Parameter(torch.zeros(o))

    def forward(self, x, a):
        return a @ self.lin(x) + self.bias


class GCN(nn.Module):
    def __init__(self, d_in, hidden, classes, num_layers=3, dropout=0.2):
        super().__init__()
        self.inp = nn.Linear(d_in, hidden)
        self.convs = [GraphConv(hidden, hidden) for _ in range(num_layers)]  # HERE
        self.out = nn.Linear(hidden, classes)
        self.dropout = dropout

    def forward(self, x, a):
        h = F.relu(self.inp(x))
        for conv in self.convs:
            h = F.dropout(F.relu(conv(h, a)), self.dropout, self.training)
        return self.out(h)


def train(model, graph, mask, optimizer):
    x, a, y = graph
    model.train()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x, a)[mask], y[mask])
    loss.backward()
    optimizer.step()
    return loss.item()


@torch.no_grad()
def test(model, graph, mask):
    x, a, y = graph
    model.eval()
    return (model(x, a)[mask].argmax(1) == y[mask]).float().mean().item()


def main():
    torch.manual_seed(14)
    graph = block_graph()
    train_mask = torch.zeros(90, dtype=torch.bool)
    train_mask[torch.randperm(90)[:45]] = True
    model = GCN(3, 16, 3)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2, weight_decay=5e-4)
    for epoch in range(1, 31):
        loss = train(model, graph, train_mask, optimizer)
        if epoch % 10 == 0:
            print(
                f"Epoch {epoch:03d} loss {loss:.4f} train {test(model, graph, train_mask):.3f} "
                f"test {test(model, graph, ~train_mask):.3f}"
            )


if __name__ == "__main__":
    main()
