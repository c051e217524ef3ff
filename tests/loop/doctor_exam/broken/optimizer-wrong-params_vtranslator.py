# Encoder/decoder with attention; sorts a sequence of numbers
import random
from dataclasses import dataclass

import torch
import torch.nn as nn
from torch import optim


@dataclass
class HParams:
    vocab: int = 12
    hidden: int = 32
    length: int = 5
    batch: int = 32
    iters: int = 40
    lr: float = 4e-3
    teacher_forcing: float = 0.7
    clip: float = 5.0


class EncoderRNN(nn.Module):
    def __init__(self, hp):
        super().__init__()
        self.embedding = nn.Embedding(hp.vocab, hp.hidden)
        self.gru = nn.GRU(hp.hidden, hp.hidden, batch_first=True)

    def forward(self, src):
        return self.gru(self.embedding(src))


class AttnDecoderRNN(nn.Module):
    def __init__(self, hp):
        super().__init__()
        self.embedding = nn.Embedding(hp.vocab, hp.hidden)
        self.cell = nn.GRUCell(2 * hp.hidden, hp.hidden)
        self.query = nn.Linear(hp.hidden, hp.hidden, bias=False)
        self.out = nn.Linear(hp.hidden, hp.vocab)

    def forward(self, token, hidden, memory):
        weights = torch.softmax(
            (memory @ self.query(hidden).unsqueeze(2)).squeeze(2), dim=1
        )
        context = (weights.unsqueeze(2) * memory).sum(1)
        hidden = self.cell(torch.cat([self.embedding(token), context], 1), hidden)
        return self.out(hidden), hidden


def sample_batch(hp):
    src = torch.randint(1, hp.vocab, (hp.batch, hp.length))
    return src, src.sort(dim=1).values


def train_step(
    src, tgt, encoder, decoder, encoder_optimizer, decoder_optimizer, criterion, hp
):
    encoder_optimizer.zero_grad()
    decoder_optimizer.zero_grad()
    memory, h = encoder(src)
    hidden, token, loss = h[0], torch.zeros(len(src), dtype=torch.long), 0
    forced = random.random() < hp.teacher_forcing
    for t in range(hp.length):
        logits, hidden = decoder(token, hidden, memory)
        loss = loss + criterion(logits, tgt[:, t])
        token = tgt[:, t] if forced else logits.argmax(1)
    loss = loss / hp.length
    loss.backward()
    nn.utils.clip_grad_norm_(encoder.parameters(), hp.clip)
    nn.utils.clip_grad_norm_(decoder.parameters(), hp.clip)
    encoder_optimizer.step()
    decoder_optimizer.step()
    return loss.item()


def main():
    hp = HParams()
    random.seed(2)
    torch.manual_seed(2)
    encoder, decoder = EncoderRNN(hp), AttnDecoderRNN(hp)
    encoder_optimizer = optim.Adam(encoder.parameters(), lr=hp.lr)
    decoder_optimizer = optim.Adam(encoder.parameters(), lr=hp.lr)  # HERE
    criterion = nn.CrossEntropyLoss()
    recent = []
    for it in range(1, hp.iters + 1):
        src, tgt = sample_batch(hp)
        recent.append(
            train_step(
                src,
                tgt,
                encoder,
                decoder,
                encoder_optimizer,
                decoder_optimizer,
                criterion,
                hp,
            )
        )
        if it % 10 == 0:
            print(f"{it:4d} loss {sum(recent[-10:]) / 10:.4f}")


main()
