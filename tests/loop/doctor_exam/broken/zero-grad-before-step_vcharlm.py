import argparse
import time

import torch
import torch.nn as nn

TEXT = (
    "the quick brown fox jumps over the lazy dog and then the dog sleeps while "
    "the fox runs back to the hill where the wind is cold and the night is long "
) * 6


def build_vocab(text):
    chars = sorted(set(text))
    return {c: i for i, c in enumerate(chars)}


def windows(ids, length):
    xs = torch.stack([ids[i : i + length] for i in range(0, len(ids) - length - 1, 4)])
    ys = torch.stack(
        [ids[i + 1 : i + length + 1] for i in range(0, len(ids) - length - 1, 4)]
    )
    return xs, ys


class CharLM(nn.Module):
    def __init__(self, vocab, emb=24, hid=48, dropout=0.1):
        super().__init__()
        self.emb = nn.Embedding(vocab, emb)
        self.rnn = nn.GRU(emb, hid, batch_first=True)
        self.drop = nn.Dropout(dropout)
        self.out = nn.Linear(hid, vocab)

    def forward(self, x):
        h, _ = self.rnn(self.emb(x))
        return self.out(self.drop(h))


def train_one_epoch(model, loader, criterion, optimizer, clip):
    model.train()
    running, seen = 0.0, 0
    for x, y in loader:
        logits = model(x)
        loss = criterion(logits.flatten(0, 1), y.flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimizer.zero_grad()  # HERE
        optimizer.step()
        running += loss.item() * len(x)
        seen += len(x)
    return running / seen


def evaluate(model, loader, criterion):
    model.eval()
    running, seen = 0.0, 0
    with torch.no_grad():
        for x, y in loader:
            running += criterion(model(x).flatten(0, 1), y.flatten()).item() * len(x)
            seen += len(x)
    return running / seen


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--bptt", type=int, default=20)
    parser.add_argument("--lr", type=float, default=3e-3)
    parser.add_argument("--clip", type=float, default=1.0)
    args = parser.parse_args()
    torch.manual_seed(1111)
    vocab = build_vocab(TEXT)
    ids = torch.tensor([vocab[c] for c in TEXT])
    cut = int(0.85 * len(ids))
    train = torch.utils.data.TensorDataset(*windows(ids[:cut], args.bptt))
    valid = torch.utils.data.TensorDataset(*windows(ids[cut:], args.bptt))
    train_loader = torch.utils.data.DataLoader(train, 32, shuffle=True)
    valid_loader = torch.utils.data.DataLoader(valid, 32)
    model = CharLM(len(vocab))
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(1, args.epochs + 1):
        t = time.time()
        tr = train_one_epoch(model, train_loader, criterion, optimizer, args.clip)
        va = evaluate(model, valid_loader, criterion)
        print(
            f"| epoch {epoch} | train {tr:.3f} | valid {va:.3f} | {time.time() - t:.2f}s"
        )


if __name__ == "__main__":
    main()
