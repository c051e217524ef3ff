import torch
from torch import nn


class Encoder(nn.Module):
    def __init__(self, width=24, code=6):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(16, width), nn.ELU(), nn.Linear(width, code))

    def forward(self, x):
        return self.net(x)


class Decoder(nn.Module):
    def __init__(self, width=24, code=6):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(code, width), nn.ELU(), nn.Linear(width, 16))

    def forward(self, z):
        return self.net(z)


def train(encoder, decoder, data, epochs=12, batch_size=32):
    enc_opt = torch.optim.SGD(encoder.parameters(), lr=0.002, momentum=0.9)
    dec_opt = torch.optim.SGD(decoder.parameters(), lr=0.002, momentum=0.9)
    for epoch in range(epochs):
        total, count = 0.0, 0
        for batch in data[torch.randperm(len(data))].split(batch_size):
            enc_opt.zero_grad()  # HERE
            loss = nn.functional.mse_loss(decoder(encoder(batch)), batch)
            loss.backward()
            enc_opt.step()
            dec_opt.step()  # HERE
            total += loss.item() * len(batch)
            count += len(batch)
        print(f"epoch {epoch:2d}  reconstruction {total / count:.4f}")


if __name__ == "__main__":
    torch.manual_seed(3)
    basis = torch.randn(4, 16)
    samples = torch.randn(256, 4) @ basis
    train(Encoder(), Decoder(), samples)
