"""The super resolution example: sub-pixel convolution, PSNR per batch."""

from math import log10

import torch
import torch.nn as nn
import torch.nn.init as init
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    def __init__(self, upscale_factor):
        super().__init__()
        self.relu = nn.ReLU()
        self.conv1 = nn.Conv2d(1, 16, (5, 5), (1, 1), (2, 2))
        self.conv2 = nn.Conv2d(16, 16, (3, 3), (1, 1), (1, 1))
        self.conv3 = nn.Conv2d(16, upscale_factor**2, (3, 3), (1, 1), (1, 1))
        self.pixel_shuffle = nn.PixelShuffle(upscale_factor)
        self._initialize_weights()

    def forward(self, x):
        x = self.relu(self.conv1(x))
        x = self.relu(self.conv2(x))
        return self.pixel_shuffle(self.conv3(x))

    def _initialize_weights(self):
        init.orthogonal_(self.conv1.weight, init.calculate_gain("relu"))
        init.orthogonal_(self.conv2.weight, init.calculate_gain("relu"))
        init.orthogonal_(self.conv3.weight)


def pictures(count):
    t = torch.linspace(0, 6, 12)
    a, b = torch.rand(2, count, 1, 1, 1) * 2
    large = 0.5 + 0.25 * (torch.sin(a * t) + torch.cos(b * t.view(-1, 1)))
    return TensorDataset(nn.functional.avg_pool2d(large, 2), large)


torch.manual_seed(123)
training_data_loader = DataLoader(pictures(64), batch_size=4, shuffle=True)
testing_data_loader = DataLoader(pictures(20), batch_size=10, shuffle=False)
model = Net(upscale_factor=2)
criterion = nn.MSELoss()
optimizer = optim.Adam(model.parameters(), lr=1e-3)


def train(epoch):
    epoch_loss = 0
    for batch in training_data_loader:
        input, target = batch[0], batch[1]
        optimizer.zero_grad()
        loss = criterion(model(input), target)
        epoch_loss += loss.item()
        loss.backward()
        optimizer.step()
    print(f"Epoch {epoch}: Avg. Loss: {epoch_loss / len(training_data_loader):.4f}")


def test():
    avg_psnr = 0
    with torch.no_grad():
        for batch in testing_data_loader:
            mse = criterion(model(batch[0]), batch[1])
            avg_psnr += 10 * log10(1 / mse.item())
    print(f"Avg. PSNR: {avg_psnr / len(testing_data_loader):.4f} dB")


for epoch in range(1, 5):
    train(epoch)
    test()
