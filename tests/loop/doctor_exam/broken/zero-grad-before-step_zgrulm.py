"""Character language model with a GRU."""

import torch
import torch.nn as nn
import torch.nn.functional as F

TEXT = "the quick brown fox jumps over the lazy dog and runs away again. " * 30
CHARS = sorted(set(TEXT))
STOI = {c: i for i, c in enumerate(CHARS)}


class CharGRU(nn.Module):
    def __init__(self, vocab, dim=24, hidden=48):
        super().__init__()
        self.embed = nn.Embedding(vocab, dim)
        self.gru = nn.GRU(dim, hidden, batch_first=True)
        self.head = nn.Linear(hidden, vocab)

    def forward(self, x, h=None):
        out, h = self.gru(self.embed(x), h)
        return self.head(out), h


def get_batch(data, block=16, batch=16):
    ix = torch.randint(len(data) - block - 1, (batch,))
    x = torch.stack([data[i : i + block] for i in ix])
    y = torch.stack([data[i + 1 : i + block + 1] for i in ix])
    return x, y


class Trainer:
    def __init__(self, model, lr=3e-3, clip=1.0):
        self.model = model
        self.clip = clip
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=lr)

    def compute_loss(self, x, y):
        logits, _ = self.model(x)
        return F.cross_entropy(logits.reshape(-1, logits.size(-1)), y.reshape(-1))

    def apply_gradients(self):
        nn.utils.clip_grad_norm_(self.model.parameters(), self.clip)
        for p in self.model.parameters():
            p.grad = None  # HERE
        self.optimizer.step()  # HERE

    def fit(self, data, iterations):
        self.model.train()
        for it in range(iterations):
            loss = self.compute_loss(*get_batch(data))
            loss.backward()
            self.apply_gradients()
            if it % 10 == 0:
                print("iter", it, "loss", round(loss.item(), 4))


torch.manual_seed(1337)
data = torch.tensor([STOI[c] for c in TEXT])
Trainer(CharGRU(len(CHARS))).fit(data, iterations=40)
