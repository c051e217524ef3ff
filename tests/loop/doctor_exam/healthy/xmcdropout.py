import torch
from torch import nn


class BayesianNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(1, 48), nn.ReLU(), nn.Dropout(0.2), nn.Linear(48, 1)
        )

    def forward(self, x):
        return self.layers(x)

    @torch.no_grad()
    def predict(self, x, samples=25):
        self.eval()
        for m in self.modules():
            if isinstance(m, nn.Dropout):
                m.train()
        draws = torch.stack([self(x) for _ in range(samples)])
        return draws.mean(0), draws.std(0)


def main():
    torch.manual_seed(0)
    x = torch.rand(200, 1) * 2 - 1
    y = (3 * x).sin() + 0.05 * torch.randn(200, 1)
    model = BayesianNet()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for epoch in range(10):
        model.train()
        for idx in torch.randperm(200).split(40):
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(x[idx]), y[idx])
            loss.backward()
            optimizer.step()
        _, inside = model.predict(torch.zeros(1, 1))
        _, outside = model.predict(torch.full((1, 1), 4.0))
        print(f"{epoch} {loss.item():.4f} +-{inside.item():.3f} +-{outside.item():.3f}")


main()
