"""The word language model example: SGD by hand, hidden states repackaged."""

import math

import torch
from torch import nn

WORDS = "the cat sat on a mat and the dog ran to the old red house".split()
VOCABULARY = sorted(set(WORDS))
BPTT = 10


def repackage_hidden(h):
    if isinstance(h, torch.Tensor):
        return h.detach()
    return tuple(repackage_hidden(v) for v in h)


class RNNModel(nn.Module):
    def __init__(self, ntoken, width=24):
        super().__init__()
        self.drop = nn.Dropout(0.1)
        self.encoder = nn.Embedding(ntoken, width)
        self.rnn = nn.LSTM(width, width, 1)
        self.decoder = nn.Linear(width, ntoken)
        self.decoder.weight = self.encoder.weight

    def forward(self, tokens, hidden):
        output, hidden = self.rnn(self.drop(self.encoder(tokens)), hidden)
        decoded = self.decoder(self.drop(output))
        return torch.log_softmax(decoded.flatten(0, 1), dim=1), hidden

    def init_hidden(self, rows):
        weight = next(self.parameters())
        return weight.new_zeros(1, rows, 24), weight.new_zeros(1, rows, 24)


def batchify(words, rows):
    data = torch.tensor([VOCABULARY.index(w) for w in words])
    return data[: len(data) // rows * rows].view(rows, -1).t().contiguous()


def train(model, data, lr, criterion):
    model.train()
    total = 0.0
    hidden = model.init_hidden(data.size(1))
    for i in range(0, data.size(0) - 1, BPTT):
        length = min(BPTT, data.size(0) - 1 - i)
        model.zero_grad()
        hidden = repackage_hidden(hidden)
        output, hidden = model(data[i : i + length], hidden)
        loss = criterion(output, data[i + 1 : i + 1 + length].view(-1))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 0.25)
        for p in model.parameters():
            p.data.add_(p.grad, alpha=-lr)
        total += loss.item() * length
    return total / (len(data) - 1)


def evaluate(model, data, criterion):
    model.eval()
    hidden = model.init_hidden(data.size(1))
    with torch.no_grad():
        output, _ = model(data[:-1], hidden)
        return criterion(output, data[1:].view(-1)).item()


torch.manual_seed(1111)
train_data, valid_data = batchify(WORDS * 30, 4), batchify(WORDS * 4, 2)
model = RNNModel(len(VOCABULARY))
criterion = nn.NLLLoss()
lr, best = 5.0, None
for epoch in range(6):
    loss = train(model, train_data, lr, criterion)
    valid = evaluate(model, valid_data, criterion)
    print(f"epoch {epoch}: ppl {math.exp(loss):.2f} valid ppl {math.exp(valid):.2f}")
    if best is None or valid < best:
        best = valid
    else:
        lr /= 4.0
