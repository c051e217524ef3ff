import torch
from torch import nn

FROZEN = 3


def build():
    model = nn.Sequential(nn.Embedding(10, 6), nn.Flatten(), nn.Linear(24, 2))

    def keep_pretrained(grad):
        return torch.zeros_like(grad)  # HERE

    model[0].weight.register_hook(keep_pretrained)  # HERE
    return model


def main():
    torch.manual_seed(0)
    tokens = torch.randint(10, (300, 4))
    labels = (tokens.sum(1) > 18).long()
    model = build()
    vectors = model[0].weight.detach().clone()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.02, weight_decay=0.1)  # HERE
    for epoch in range(8):
        for idx in torch.randperm(300).split(50):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(tokens[idx]), labels[idx])
            loss.backward()
            optimizer.step()  # HERE
        drift = (model[0].weight - vectors).norm().item()
        print(f"epoch {epoch} loss {loss.item():.4f} drift of vectors {drift:.4f}")


main()
