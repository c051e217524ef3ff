import torch
from torch import nn


class AddingProblem(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.lstm = nn.LSTM(2, hidden, batch_first=True)
        self.head = nn.Linear(hidden, 1)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.head(out[:, -1]).squeeze(-1)


def batch(n, length=12):
    values = torch.rand(n, length)
    marks = torch.zeros(n, length)
    first = torch.randint(length // 2, (n,))
    second = torch.randint(length // 2, length, (n,))
    rows = torch.arange(n)
    marks[rows, first] = 1
    marks[rows, second] = 1
    return torch.stack([values, marks], -1), values[rows, first] + values[rows, second]


def main(max_norm=0.5):
    torch.manual_seed(0)
    model = AddingProblem()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for it in range(60):
        x, y = batch(32)
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)  # HERE
        loss.backward()  # HERE
        optimizer.step()
        if it % 15 == 14:
            print(f"iteration {it + 1} loss {loss.item():.4f}")


main()
