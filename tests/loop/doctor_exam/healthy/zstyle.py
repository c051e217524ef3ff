"""Style transfer: a frozen network in eval mode, the pixels are optimized."""

import copy

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim


def gram_matrix(x):
    a, b, c, d = x.size()
    features = x.view(a * b, c * d)
    return (features @ features.t()).div(a * b * c * d)


class ContentLoss(nn.Module):
    def __init__(self, target):
        super().__init__()
        self.target = target.detach()

    def forward(self, x):
        self.loss = F.mse_loss(x, self.target)
        return x


class StyleLoss(nn.Module):
    def __init__(self, target):
        super().__init__()
        self.target = gram_matrix(target).detach()

    def forward(self, x):
        self.loss = F.mse_loss(gram_matrix(x), self.target)
        return x


def backbone():
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1),
        nn.BatchNorm2d(8),
        nn.ReLU(inplace=False),
        nn.Conv2d(8, 8, 3, padding=1),
        nn.BatchNorm2d(8),
        nn.ReLU(inplace=False),
    ).eval()


def insert_losses(cnn, style, content):
    model, styles, contents = nn.Sequential(), [], []
    for i, layer in enumerate(copy.deepcopy(cnn).children()):
        model.add_module(str(i), layer)
        if isinstance(layer, nn.Conv2d):
            styles.append(StyleLoss(model(style)))
            model.add_module(f"style_{i}", styles[-1])
    contents.append(ContentLoss(model(content)))
    model.add_module("content", contents[-1])
    return model, styles, contents


def run_style_transfer(cnn, style, content, num_steps=30, style_weight=1e4):
    model, styles, contents = insert_losses(cnn, style, content)
    input_img = content.clone()
    input_img.requires_grad_(True)
    model.eval()
    model.requires_grad_(False)
    optimizer = optim.LBFGS([input_img])
    run = [0]
    while run[0] <= num_steps:

        def closure():
            with torch.no_grad():
                input_img.clamp_(0, 1)
            optimizer.zero_grad()
            model(input_img)
            style_score = sum(s.loss for s in styles) * style_weight
            content_score = sum(c.loss for c in contents)
            loss = style_score + content_score
            loss.backward()
            run[0] += 1
            if run[0] % 10 == 0:
                print(run[0], style_score.item(), content_score.item())
            return style_score + content_score

        optimizer.step(closure)
    with torch.no_grad():
        input_img.clamp_(0, 1)
    return input_img


torch.manual_seed(0)
run_style_transfer(backbone(), torch.rand(1, 3, 16, 16), torch.rand(1, 3, 16, 16))
