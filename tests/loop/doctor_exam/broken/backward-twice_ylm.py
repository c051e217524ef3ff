"""A character language model over one long text, in chunks."""

import torch
from torch import nn

TEXT = "the quick brown fox jumps over the lazy dog and runs away. " * 30
VOCABULARY = sorted(set(TEXT))
CHUNK = 20


class CharLM(nn.Module):
    def __init__(self, hidden=48):
        super().__init__()
        self.embedding = nn.Embedding(len(VOCABULARY), 16)
        self.lstm = nn.LSTM(16, hidden, batch_first=True)
        self.decoder = nn.Linear(hidden, len(VOCABULARY))

    def forward(self, tokens, state=None):
        output, state = self.lstm(self.embedding(tokens), state)
        return self.decoder(output), state


def batchify(text, rows=4):
    data = torch.tensor([VOCABULARY.index(c) for c in text])
    columns = len(data) // rows
    return data[: rows * columns].view(rows, columns)


def train_epoch(model, data, optimizer, criterion):
    state = None
    total = 0.0
    for start in range(0, data.size(1) - CHUNK - 1, CHUNK):
        inputs = data[:, start : start + CHUNK]
        targets = data[:, start + 1 : start + CHUNK + 1]
        logits, state = model(inputs, state)  # HERE
        loss = criterion(logits.flatten(0, 1), targets.flatten())
        optimizer.zero_grad()
        loss.backward()  # HERE
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        total += loss.item()
    return total


torch.manual_seed(0)
model = CharLM()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
data = batchify(TEXT)
for epoch in range(3):
    print(epoch, train_epoch(model, data, optimizer, nn.CrossEntropyLoss()))
