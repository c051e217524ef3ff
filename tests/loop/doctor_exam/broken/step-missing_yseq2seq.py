"""Reverse a sequence of digits with an encoder and a decoder."""

import torch
from torch import nn

DIGITS, LENGTH, HIDDEN = 6, 5, 32


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(DIGITS, 16)
        self.gru = nn.GRU(16, HIDDEN, batch_first=True)

    def forward(self, tokens):
        return self.gru(self.embedding(tokens))[1]


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(DIGITS + 1, 16)
        self.gru = nn.GRU(16, HIDDEN, batch_first=True)
        self.out = nn.Linear(HIDDEN, DIGITS)

    def forward(self, tokens, hidden):
        output, _ = self.gru(self.embedding(tokens), hidden)
        return self.out(output)


def train_step(batch, encoder, decoder, encoder_opt, decoder_opt, criterion):
    target = batch.flip(1)
    start = torch.full((len(batch), 1), DIGITS)
    encoder_opt.zero_grad()
    decoder_opt.zero_grad()
    logits = decoder(torch.cat([start, target[:, :-1]], 1), encoder(batch))
    loss = criterion(logits.flatten(0, 1), target.flatten())
    loss.backward()  # HERE
    encoder_opt.step  # HERE
    decoder_opt.step()  # HERE
    return loss.item()


def main():
    torch.manual_seed(0)
    encoder, decoder = Encoder(), Decoder()
    encoder_opt = torch.optim.Adam(encoder.parameters(), lr=5e-3)  # HERE
    decoder_opt = torch.optim.Adam(decoder.parameters(), lr=5e-3)
    criterion = nn.CrossEntropyLoss()
    recent = 0.0
    for step in range(1, 121):
        batch = torch.randint(DIGITS, (32, LENGTH))
        recent += train_step(
            batch, encoder, decoder, encoder_opt, decoder_opt, criterion
        )
        if step % 30 == 0:
            print(f"step {step}: {recent / 30:.4f}")
            recent = 0.0


main()
