# Stateful LSTM on a long price series, notebook export
# In[1]:
import torch
import torch.nn as nn

torch.manual_seed(0)
N_STREAMS, LENGTH, CHUNK, HIDDEN = 8, 240, 20, 24

# In[2]:
steps = torch.randn(N_STREAMS, LENGTH + 1) * 0.1
trend = 0.3 * torch.sin(torch.arange(LENGTH + 1) / 9.0)
prices = steps.cumsum(1) * 0.2 + trend
mean, std = prices.mean(), prices.std()
prices = ((prices - mean) / std).unsqueeze(-1)


# In[3]:
class StatefulLSTM(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.lstm = nn.LSTM(1, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 1)
        self.hidden = None

    def reset_state(self, batch_size):
        self.hidden = (
            torch.zeros(1, batch_size, self.lstm.hidden_size),
            torch.zeros(1, batch_size, self.lstm.hidden_size),
        )

    def forward(self, x):
        out, self.hidden = self.lstm(x, self.hidden)  # HERE
        return self.fc(out)


# In[4]:
model = StatefulLSTM(HIDDEN)
loss_fn = nn.HuberLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)

# In[5]:
for epoch in range(3):
    model.train()
    model.reset_state(N_STREAMS)
    total = 0.0
    for start in range(0, LENGTH, CHUNK):
        x = prices[:, start : start + CHUNK]
        y = prices[:, start + 1 : start + CHUNK + 1]
        optimizer.zero_grad()
        pred = model(x)
        loss = loss_fn(pred, y)
        loss.backward()  # HERE
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        total += loss.item()
    print("epoch", epoch, "loss", total / (LENGTH // CHUNK))
