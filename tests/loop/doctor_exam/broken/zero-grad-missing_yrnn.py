"""Which language does a surname come from? A character RNN on made-up names."""

import random

import torch
from torch import nn

LETTERS = "abcdefghijklmnopqrstuvwxyz"
ENDINGS = {"italian": ["ini", "etti", "ari"], "polish": ["ski", "czyk", "wicz"]}


def make_name(language):
    stem = "".join(random.choice(LETTERS) for _ in range(random.randint(2, 4)))
    return stem + random.choice(ENDINGS[language])


def to_tensor(name):
    indices = torch.tensor([LETTERS.index(c) for c in name])
    return nn.functional.one_hot(indices, len(LETTERS)).float().unsqueeze(1)


class CharRNN(nn.Module):
    def __init__(self, hidden=32, classes=2):
        super().__init__()
        self.rnn = nn.RNN(len(LETTERS), hidden)
        self.out = nn.Linear(hidden, classes)

    def forward(self, line):
        _, hidden = self.rnn(line)
        return self.out(hidden[0])


def main():
    random.seed(3)
    torch.manual_seed(3)
    languages = list(ENDINGS)
    model = CharRNN()
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02)
    for epoch in range(5):
        optimizer.zero_grad()  # HERE
        total = 0.0
        for _ in range(60):
            label = random.randrange(2)
            output = model(to_tensor(make_name(languages[label])))
            loss = criterion(output, torch.tensor([label]))
            loss.backward()  # HERE
            optimizer.step()  # HERE
            total += loss.item()
        print(f"epoch {epoch}: loss {total / 60:.3f}")


if __name__ == "__main__":
    main()
