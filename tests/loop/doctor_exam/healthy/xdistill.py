import torch
import torch.nn.functional as F
from torch import nn


def mlp(width):
    return nn.Sequential(
        nn.Linear(6, width), nn.ReLU(), nn.Dropout(0.1), nn.Linear(width, 3)
    )


def fit_teacher(net, x, y):
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
    net.train()
    for _ in range(40):
        optimizer.zero_grad()
        F.cross_entropy(net(x), y).backward()
        optimizer.step()


def distill(student, teacher, x, y, temperature=2.0, alpha=0.5, epochs=5):
    teacher.eval()
    optimizer = torch.optim.SGD(student.parameters(), lr=0.1, momentum=0.9)
    for epoch in range(epochs):
        student.train()
        for idx in torch.randperm(len(x)).split(30):
            with torch.no_grad():
                soft = F.softmax(teacher(x[idx]) / temperature, dim=1)
            logits = student(x[idx])
            guess = F.log_softmax(logits / temperature, dim=1)
            kd = F.kl_div(guess, soft, reduction="batchmean") * temperature**2
            loss = alpha * kd + (1 - alpha) * F.cross_entropy(logits, y[idx])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch} loss {loss.item():.4f}")


if __name__ == "__main__":
    torch.manual_seed(0)
    x = torch.randn(240, 6)
    y = x[:, :3].argmax(1)
    teacher, student = mlp(64), mlp(12)
    fit_teacher(teacher, x, y)
    distill(student, teacher, x, y)
