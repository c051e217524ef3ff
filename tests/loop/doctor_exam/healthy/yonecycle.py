"""One cycle of the rate, stepped with every batch; AdamW with two groups."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def groups(model, decay):
    matrices = [p for p in model.parameters() if p.ndim > 1]
    vectors = [p for p in model.parameters() if p.ndim <= 1]
    return [
        {"params": matrices, "weight_decay": decay},
        {"params": vectors, "weight_decay": 0.0},
    ]


torch.manual_seed(0)
labels = torch.randint(3, (300,))
tokens = torch.randint(30, (300, 12))
tokens[:, 2:6] = 5 * labels[:, None] + torch.randint(5, (300, 4))
loader = DataLoader(TensorDataset(tokens, labels), batch_size=30, shuffle=True)


class Classifier(nn.Module):
    def __init__(self, width=24):
        super().__init__()
        self.embedding = nn.Embedding(30, width)
        self.block = nn.TransformerEncoderLayer(
            width, 2, 48, dropout=0.0, batch_first=True, norm_first=True
        )
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, 3)

    def forward(self, tokens):
        return self.head(self.norm(self.block(self.embedding(tokens))).mean(1))


epochs = 4
model = Classifier()
optimizer = torch.optim.AdamW(groups(model, 0.05), lr=1e-3)
scheduler = torch.optim.lr_scheduler.OneCycleLR(
    optimizer, max_lr=5e-3, epochs=epochs, steps_per_epoch=len(loader)
)
for epoch in range(epochs):
    total = 0.0
    for x, y in loader:
        loss = nn.functional.cross_entropy(model(x), y, label_smoothing=0.05)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
        total += loss.item()
    print(f"epoch {epoch}: {total / len(loader):.4f} {scheduler.get_last_lr()}")
