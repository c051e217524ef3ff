"""Word-level language model, embedding and output share their matrix."""

import math

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(1)
VOCAB, DIM, LEN = 40, 32, 12


def markov_corpus(n):
    table = torch.softmax(3 * torch.randn(VOCAB, VOCAB), 1)
    seq = [torch.randint(0, VOCAB, (n,))]
    for _ in range(LEN):
        seq.append(torch.multinomial(table[seq[-1]], 1).squeeze(1))
    return torch.stack(seq, 1)


class TransformerLM(nn.Module):
    def __init__(self, vocab, dim, heads=2, layers=1, dropout=0.1):
        super().__init__()
        self.encoder = nn.Embedding(vocab, dim)
        self.position = nn.Embedding(64, dim)
        layer = nn.TransformerEncoderLayer(
            dim, heads, 2 * dim, dropout, batch_first=True
        )
        self.transformer = nn.TransformerEncoder(
            layer, layers, enable_nested_tensor=False
        )
        self.decoder = nn.Linear(dim, vocab, bias=False)
        self.decoder.weight = self.encoder.weight
        nn.init.normal_(self.encoder.weight, std=0.1)

    def forward(self, x):
        mask = nn.Transformer.generate_square_subsequent_mask(x.size(1))
        h = self.encoder(x) * math.sqrt(DIM) + self.position(torch.arange(x.size(1)))
        return self.decoder(self.transformer(h, mask=mask, is_causal=True))


def parameter_list(model):
    params = []
    for module in (model.encoder, model.position, model.transformer, model.decoder):
        params += list(module.parameters())  # HERE
    return params


corpus = markov_corpus(240)
train_data, valid_data = corpus[:200], corpus[200:]
loader = DataLoader(TensorDataset(train_data), batch_size=20, shuffle=True)
model = TransformerLM(VOCAB, DIM)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(parameter_list(model), lr=0.1)  # HERE

for epoch in range(3):
    model.train()
    total = 0.0
    for (seq,) in loader:
        optimizer.zero_grad()
        loss = criterion(model(seq[:, :-1]).flatten(0, 1), seq[:, 1:].flatten())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 0.5)
        optimizer.step()
        total += loss.item()
    model.eval()
    with torch.no_grad():
        val = criterion(
            model(valid_data[:, :-1]).flatten(0, 1), valid_data[:, 1:].flatten()
        ).item()
    print(
        f"epoch {epoch} train ppl {math.exp(total / len(loader)):.2f} valid ppl {math.exp(val):.2f}"
    )
