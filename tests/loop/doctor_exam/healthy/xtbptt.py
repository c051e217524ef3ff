import torch
from torch import nn


class LanguageModel(nn.Module):
    def __init__(self, vocab=8, width=20):
        super().__init__()
        self.embed = nn.Embedding(vocab, width)
        self.lstm = nn.LSTM(width, width)
        self.head = nn.Linear(width, vocab)

    def forward(self, tokens, state):
        out, state = self.lstm(self.embed(tokens), state)
        return self.head(out), state


def repackage(state):
    return tuple(s.detach() for s in state)


def main(bptt=7):
    torch.manual_seed(0)
    stream = torch.randint(8, (1, 4)) + torch.arange(400).unsqueeze(1) * 3
    stream = (stream + (torch.arange(400) % 5 == 0).long().unsqueeze(1)) % 8
    model = LanguageModel()
    lr = 2.0
    for epoch in range(2):
        state = (torch.zeros(1, 4, 20), torch.zeros(1, 4, 20))
        model.train()
        for i in range(0, len(stream) - 1 - bptt, bptt):
            state = repackage(state)
            model.zero_grad()
            logits, state = model(stream[i : i + bptt], state)
            goal = stream[i + 1 : i + 1 + bptt]
            loss = nn.functional.cross_entropy(logits.flatten(0, 1), goal.flatten())
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 0.25)
            with torch.no_grad():
                for p in model.parameters():
                    p.add_(p.grad, alpha=-lr)
        print(f"epoch {epoch} loss {loss.item():.4f}")


main()
