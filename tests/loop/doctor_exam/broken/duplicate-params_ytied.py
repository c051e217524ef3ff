"""A next-word model whose output layer shares the embedding's weights."""

import torch
from torch import nn

WORDS, WIDTH = 30, 24


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(WORDS, WIDTH)
        self.gru = nn.GRU(WIDTH, WIDTH, batch_first=True)

    def forward(self, tokens):
        return self.gru(self.embedding(tokens))[0]


class Decoder(nn.Module):
    def __init__(self, embedding):
        super().__init__()
        self.linear = nn.Linear(WIDTH, WORDS)
        self.linear.weight = embedding.weight

    def forward(self, hidden):
        return self.linear(hidden)


def sentences(count, length=12):
    start = torch.randint(WORDS, (count, 1))
    stride = torch.randint(1, 4, (count, 1))
    return (start + stride * torch.arange(length)) % WORDS


torch.manual_seed(0)
encoder = Encoder()
decoder = Decoder(encoder.embedding)
parameters = list(encoder.parameters()) + list(decoder.parameters())  # HERE
optimizer = torch.optim.SGD(parameters, lr=0.3)  # HERE
criterion = nn.CrossEntropyLoss()
for step in range(120):
    batch = sentences(32)
    logits = decoder(encoder(batch[:, :-1]))
    loss = criterion(logits.flatten(0, 1), batch[:, 1:].flatten())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 30 == 0:
        print(f"step {step}: {loss.item():.4f}")
