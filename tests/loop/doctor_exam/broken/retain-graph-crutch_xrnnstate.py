import torch
from torch import nn


class Forecaster(nn.Module):
    def __init__(self, hidden=6):
        super().__init__()
        self.mix = nn.Linear(1, hidden)
        self.decay = 0.7
        self.head = nn.Linear(hidden, 1)

    def forward(self, x, memory):
        memory = self.decay * memory + torch.tanh(self.mix(x)).mean(0)
        return self.head(memory.expand(len(x), -1) + self.mix(x)), memory


def main(windows=60):
    torch.manual_seed(0)
    t = torch.arange(windows * 10 + 1) * 0.2
    series = torch.sin(t).unsqueeze(1)
    model = Forecaster()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    memory = torch.zeros(6)
    for w in range(windows):
        x = series[w * 10 : w * 10 + 10]
        y = series[w * 10 + 1 : w * 10 + 11]
        out, memory = model(x, memory)  # HERE
        loss = nn.functional.mse_loss(out, y)
        optimizer.zero_grad()
        loss.backward(retain_graph=True)  # HERE
        optimizer.step()
        if w % 15 == 14:
            print(f"window {w + 1} loss {loss.item():.4f}")


main()
