"""Speech-like recognition with CTC: log_softmax, (T, N, C), packed lengths."""

import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence, pack_padded_sequence, pad_packed_sequence
from torch.utils.data import DataLoader

torch.manual_seed(4)
LETTERS = 5
codes = torch.randn(LETTERS + 1, 8)


def utterance():
    text = torch.randint(1, LETTERS + 1, (torch.randint(2, 5, (1,)).item(),))
    frames = codes[text].repeat_interleave(4, 0)
    return frames + 0.2 * torch.randn_like(frames), text


def collate(batch):
    xs, ys = zip(*batch)
    return (
        pad_sequence(xs, batch_first=True),
        torch.tensor([len(x) for x in xs]),
        torch.cat(ys),
        torch.tensor([len(y) for y in ys]),
    )


class Acoustic(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(8, 24, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(48, LETTERS + 1)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(
            x, lengths, batch_first=True, enforce_sorted=False
        )
        h, _ = pad_packed_sequence(self.rnn(packed)[0], batch_first=True)
        return self.fc(h).log_softmax(-1)


def greedy(logp):
    return [t for t in torch.unique_consecutive(logp.argmax(-1)).tolist() if t]


data = [utterance() for _ in range(120)]
loader = DataLoader(data[:96], batch_size=16, shuffle=True, collate_fn=collate)
model = Acoustic()
criterion = nn.CTCLoss(blank=0, zero_infinity=True)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for epoch in range(5):
    model.train()
    total = 0.0
    for x, xl, y, yl in loader:
        logp = model(x, xl)
        loss = criterion(logp.transpose(0, 1), y, xl, yl)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        total += loss.item()
    model.eval()
    with torch.no_grad():
        good = sum(
            greedy(model(x[None], torch.tensor([len(x)]))[0]) == y.tolist()
            for x, y in data[96:]
        )
    print(f"epoch {epoch} ctc {total / len(loader):.3f} exact {good}/24")
