import torch
from torch import nn


class TiedLM(nn.Module):
    def __init__(self, vocab=16, width=24):
        super().__init__()
        self.embed = nn.Embedding(vocab, width)
        self.mix = nn.GRU(width, width, batch_first=True)
        self.decode = nn.Linear(width, vocab)
        self.decode.weight = self.embed.weight

    def forward(self, tokens):
        return self.decode(self.mix(self.embed(tokens))[0])


torch.manual_seed(0)
model = TiedLM()
optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3, weight_decay=0.0)
total_steps, warmup = 60, 12
scheduler = torch.optim.lr_scheduler.LambdaLR(
    optimizer,
    lambda s: min((s + 1) / warmup, (total_steps - s) / (total_steps - warmup)),
)
for step in range(total_steps):
    start = torch.randint(16, (24, 1))
    tokens = (start + 3 * torch.arange(9)) % 16
    logits = model(tokens[:, :-1])
    loss = nn.functional.cross_entropy(
        logits.reshape(-1, 16), tokens[:, 1:].reshape(-1)
    )
    loss.backward()
    optimizer.step()
    scheduler.step()
    optimizer.zero_grad()
    if step % 15 == 14:
        print(f"{step + 1} {loss.item():.4f} lr {scheduler.get_last_lr()[0]:.5f}")
