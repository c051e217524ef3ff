import torch
from torch import nn


class RMSELoss(nn.Module):
    def forward(self, prediction, target):
        return ((prediction - target) ** 2).mean().sqrt()  # HERE


def main():
    torch.manual_seed(0)
    x = torch.randn(300, 4)
    y = 2 * x[:, 0] - x[:, 1]
    loader = torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(x, y), batch_size=50, shuffle=True
    )
    model = nn.Sequential(nn.Linear(4, 24), nn.ReLU(), nn.Linear(24, 1))
    criterion = RMSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for epoch in range(8):
        for xb, yb in loader:
            loss = criterion(model(xb), yb)  # HERE
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch} rmse {loss.item():.4f}")
    print("spread of predictions", model(x).std().item(), "of targets", y.std().item())


main()
