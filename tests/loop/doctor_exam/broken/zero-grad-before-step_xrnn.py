import argparse

import torch
from torch import nn


class Tagger(nn.Module):
    def __init__(self, vocab, hidden, tags):
        super().__init__()
        self.embed = nn.Embedding(vocab, hidden)
        self.rnn = nn.GRU(hidden, hidden, batch_first=True)
        self.out = nn.Linear(hidden, tags)

    def forward(self, tokens):
        states, _ = self.rnn(self.embed(tokens))
        return self.out(states)


def batches(n, size, vocab):
    for _ in range(n):
        tokens = torch.randint(vocab, (size, 9))
        yield tokens, (tokens + tokens.roll(1, dims=1)) % 3


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=5e-3)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--hidden", type=int, default=20)
    args = parser.parse_args()

    torch.manual_seed(0)
    model = Tagger(12, args.hidden, 3)
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
    criterion = nn.CrossEntropyLoss()
    running = 0.0
    for step, (tokens, tags) in enumerate(batches(args.steps, 16, 12), 1):
        scores = model(tokens)
        loss = criterion(scores.flatten(0, 1), tags.flatten())
        loss.backward()
        model.zero_grad()  # HERE
        optimizer.step()  # HERE
        running += loss.item()
        if step % 10 == 0:
            print(f"step {step}: loss {running / 10:.4f}")
            running = 0.0


main()
