import torch
from torch import nn


class CharModel(nn.Module):
    def __init__(self, vocab=15, width=16):
        super().__init__()
        self.embed = nn.Embedding(vocab, width)
        self.rnn = nn.RNN(width, width, batch_first=True)
        self.decode = nn.Linear(width, vocab, bias=False)
        self.decode.weight = self.embed.weight

    def forward(self, tokens):
        h, _ = self.rnn(self.embed(tokens))
        return self.decode(h)


def main():
    torch.manual_seed(0)
    model = CharModel()
    params = list(model.embed.parameters())
    params += list(model.rnn.parameters())
    params += list(model.decode.parameters())  # HERE
    optimizer = torch.optim.SGD(params, lr=0.1)  # HERE
    for step in range(40):
        start = torch.randint(15, (24, 1))
        tokens = (start + torch.arange(8) * 2) % 15
        logits = model(tokens[:, :-1])
        loss = nn.functional.cross_entropy(logits.transpose(1, 2), tokens[:, 1:])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 10 == 9:
            print(step + 1, f"{loss.item():.4f}")


main()
