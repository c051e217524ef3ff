import torch
from torch import nn


class SentimentRNN(nn.Module):
    def __init__(self, vocab=20, dim=12):
        super().__init__()
        self.embed = nn.Embedding(vocab, dim)
        self.gru = nn.GRU(dim, dim, batch_first=True)
        self.head = nn.Sequential(nn.Linear(dim, 2), nn.Softmax(dim=-1))  # HERE

    def forward(self, tokens):
        _, last = self.gru(self.embed(tokens))
        return self.head(last[0])


def train(model, epochs=4):
    loss_fn = nn.NLLLoss()
    opt = torch.optim.Adam(model.parameters(), lr=1e-2)
    for epoch in range(epochs):
        for _ in range(10):
            tokens = torch.randint(20, (32, 7))
            label = (tokens > 9).float().mean(1).round().long()
            opt.zero_grad()
            loss = loss_fn(model(tokens), label)  # HERE
            loss.backward()
            opt.step()
        print(f"epoch {epoch} loss {loss.item():.4f}")


torch.manual_seed(0)
train(SentimentRNN())
