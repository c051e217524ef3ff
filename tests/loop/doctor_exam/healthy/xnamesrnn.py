import random

import torch
import torch.nn as nn

LETTERS = "abcdefgh"
random.seed(0)
torch.manual_seed(0)


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.i2h = nn.Linear(input_size + hidden_size, hidden_size)
        self.h2o = nn.Linear(hidden_size, output_size)
        self.softmax = nn.LogSoftmax(dim=1)

    def forward(self, x, hidden):
        hidden = torch.tanh(self.i2h(torch.cat((x, hidden), 1)))
        return self.softmax(self.h2o(hidden)), hidden

    def init_hidden(self):
        return torch.zeros(1, self.hidden_size)


def random_example():
    category = random.randrange(2)
    pool = LETTERS[:5] if category == 0 else LETTERS[3:]
    line = "".join(random.choice(pool) for _ in range(random.randint(3, 6)))
    tensor = torch.zeros(len(line), 1, len(LETTERS))
    for i, letter in enumerate(line):
        tensor[i, 0, LETTERS.index(letter)] = 1
    return torch.tensor([category]), tensor


rnn = RNN(len(LETTERS), 16, 2)
criterion = nn.NLLLoss()
learning_rate = 0.02


def train(category, line):
    hidden = rnn.init_hidden()
    rnn.zero_grad()
    for i in range(line.size(0)):
        output, hidden = rnn(line[i], hidden)
    loss = criterion(output, category)
    loss.backward()
    for p in rnn.parameters():
        p.data.add_(p.grad.data, alpha=-learning_rate)
    return output, loss.item()


current = 0.0
for it in range(1, 401):
    output, loss = train(*random_example())
    current += loss
    if it % 100 == 0:
        print(it, f"{current / 100:.4f}")
        current = 0.0
